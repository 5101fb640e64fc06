package io.opgraft.models;

/** The control mode does not allow models to be loaded or unloaded by request. */
public class ControlRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message for the client
     */
    public ControlRefusedException(String message) {
        super(message);
    }
}
