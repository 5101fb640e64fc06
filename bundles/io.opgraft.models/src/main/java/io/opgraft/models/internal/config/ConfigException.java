package io.opgraft.models.internal.config;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;

/** A {@code config.pbtxt} cannot be used. The message names the file and the field. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String remedy;

    /**
     * Makes the exception.
     *
     * @param field the field concerned, or empty
     * @param message what is the matter, a whole sentence
     * @param remedy what to do, a whole sentence, or empty
     */
    public ConfigException(String field, String message, String remedy) {
        super(message);
        this.field = field;
        this.remedy = remedy;
    }

    /**
     * The form for explanations.
     *
     * @return a reason of kind CONFIGURATION
     */
    public Reason reason() {
        return new Reason(Kind.CONFIGURATION, "", field, getMessage(), remedy);
    }
}
