package io.opgraft.launcher;

/** A command cannot do what was asked. The message is one sentence for the user; the process ends with exit code 1. */
public class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what is the matter and what to do
     */
    public CommandFailedException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what is the matter and what to do
     * @param cause for the log only
     */
    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
