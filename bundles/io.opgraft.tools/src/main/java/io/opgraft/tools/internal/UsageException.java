package io.opgraft.tools.internal;

/** The arguments of a command are wrong; the message is a sentence. The exit code is 2. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what is wrong
     */
    public UsageException(String message) {
        super(message);
    }
}
