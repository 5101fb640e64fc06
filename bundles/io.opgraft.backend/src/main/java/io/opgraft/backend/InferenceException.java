package io.opgraft.backend;

/** A run failed. The message is the framework's own, for the client. */
public class InferenceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean clientFault;

    /**
     * Makes the exception.
     *
     * @param message why, for the client
     * @param clientFault true if other inputs would have been served
     */
    public InferenceException(String message, boolean clientFault) {
        super(message);
        this.clientFault = clientFault;
    }

    /**
     * Who is to blame.
     *
     * @return true if the inputs are at fault, not the server or the model
     */
    public boolean clientFault() {
        return clientFault;
    }
}
