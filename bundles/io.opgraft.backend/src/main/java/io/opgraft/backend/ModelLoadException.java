package io.opgraft.backend;

import java.util.List;

/** A model cannot be loaded. The message says why in words for the operator and names the file or op. */
public class ModelLoadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<OpRequirement> missing;

    /**
     * Makes the exception.
     *
     * @param message why, for the operator
     */
    public ModelLoadException(String message) {
        this(message, (Throwable) null);
    }

    /**
     * Makes the exception with its cause.
     *
     * @param message why, for the operator
     * @param cause what was thrown below, or null
     */
    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
        this.missing = List.of();
    }

    /**
     * Makes the exception of a framework that only tells while loading which ops it lacks.
     *
     * @param message why, for the operator
     * @param missing the ops to find; the load is tried again with them
     */
    public ModelLoadException(String message, List<OpRequirement> missing) {
        super(message);
        this.missing = List.copyOf(missing);
    }

    /**
     * Ops that turned out to be needed.
     *
     * @return empty unless a new try with these ops makes sense
     */
    public List<OpRequirement> missing() {
        return missing == null ? List.of() : missing;
    }
}
