package io.opgraft.models;

/** A model is known but cannot serve now. */
public class ModelNotReadyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Explanation explanation;

    /**
     * Makes the exception.
     *
     * @param message for the client, with the explanation's text in it
     * @param explanation why
     */
    public ModelNotReadyException(String message, Explanation explanation) {
        super(message);
        this.explanation = explanation;
    }

    /**
     * Why it cannot serve.
     *
     * @return the explanation, possibly empty while a load is under way
     */
    public Explanation explanation() {
        return explanation == null ? Explanation.NONE : explanation;
    }
}
