package io.opgraft.probe;

/**
 * A library cannot be loaded, as a trial showed. The message says what happened, with the last words of the process, as
 * part of a sentence whose "it" is the library.
 */
public class ProbeException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened
     */
    public ProbeException(String message) {
        super(message);
    }
}
