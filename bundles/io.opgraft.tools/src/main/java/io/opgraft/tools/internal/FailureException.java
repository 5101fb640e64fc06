package io.opgraft.tools.internal;

/** A command cannot do what was asked; the message is a sentence. The exit code is 1. */
public final class FailureException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what is the matter and what to do
     */
    public FailureException(String message) {
        super(message);
    }
}
