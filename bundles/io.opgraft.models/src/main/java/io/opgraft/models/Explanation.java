package io.opgraft.models;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a model version is not served, or not with what is installed now. The shell, the log, the repository index and the
 * load error all show {@link #toString}.
 *
 * @param reasons in order of importance; empty if there is nothing to explain
 */
public record Explanation(List<Reason> reasons) {
    /** Nothing to explain. */
    public static final Explanation NONE = new Explanation(List.of());

    /** What kind of obstacle a reason is. */
    public enum Kind {
        /** No installed bundle defines the op. */
        OP_MISSING,
        /** A bundle defines the op, but its version is outside the range that the model asks for. */
        VERSION_OUTSIDE_RANGE,
        /** A bundle defines the op, but its library was refused. */
        LIBRARY_REFUSED,
        /** A bundle defines the op, and its library is being loaded on trial. */
        LIBRARY_CHECKING,
        /** A bundle defines the op, but it belongs to another model. */
        PRIVATE_TO_ANOTHER_MODEL,
        /** A bundle defines the op, but its definition is not what the model expects. */
        SCHEMA_MISMATCH,
        /** A bundle defines the op, but is not active. */
        BUNDLE_STOPPED,
        /** Several bundles fit and nothing says which one to take. */
        AMBIGUOUS,
        /** An ensemble needs a model that is not ready. */
        MODEL_NOT_READY,
        /** No backend of that name is installed, or it cannot run. */
        BACKEND_UNAVAILABLE,
        /** The configuration is wrong or asks for what is not supported. */
        CONFIGURATION,
        /** A warm-up request of the model failed or was answered wrongly, or its file is malformed. */
        WARMUP_FAILED,
        /** A rollback holds the model to a library that is no longer there. */
        HELD,
        /** The files are missing or damaged, or the framework refused them. */
        LOAD_FAILED,
        /** The repository no longer holds the model, or it was unloaded. */
        NOT_ASKED_FOR
    }

    /**
     * One obstacle.
     *
     * @param kind what kind
     * @param op the op concerned, or empty
     * @param subject the bundle, file or field concerned, or empty
     * @param message what is the matter, a whole sentence
     * @param remedy what to do, a whole sentence, or empty
     */
    public record Reason(Kind kind, String op, String subject, String message, String remedy) {
        @Override
        public String toString() {
            return remedy.isEmpty() ? message : message + " " + remedy;
        }
    }

    /** Takes a copy. */
    public Explanation {
        reasons = List.copyOf(reasons);
    }

    /**
     * Whether there is anything to say.
     *
     * @return true if there are no reasons
     */
    public boolean isEmpty() {
        return reasons.isEmpty();
    }

    /** All reasons in one line. */
    @Override
    public String toString() {
        return reasons.stream().map(Reason::toString).collect(Collectors.joining(" "));
    }
}
