package io.opgraft.models;

/** There is no such model or version. */
public class UnknownModelException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message for the client
     */
    public UnknownModelException(String message) {
        super(message);
    }
}
