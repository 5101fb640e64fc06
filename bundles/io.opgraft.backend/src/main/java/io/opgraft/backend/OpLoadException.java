package io.opgraft.backend;

/** An op library cannot be loaded. The message says why in words for the operator, without the library's name. */
public class OpLoadException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message why, for the operator
     */
    public OpLoadException(String message) {
        super(message);
    }
}
