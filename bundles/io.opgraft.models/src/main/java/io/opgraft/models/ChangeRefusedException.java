package io.opgraft.models;

/** An operator's change of the wiring is not possible; nothing was changed. The message says why and what to do. */
public class ChangeRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message why, for the operator
     */
    public ChangeRefusedException(String message) {
        super(message);
    }
}
