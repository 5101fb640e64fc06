package io.opgraft.models;

import java.util.List;

/**
 * A model and the versions that its policy selects.
 *
 * @param name its name
 * @param askedFor whether it is to be served
 * @param versions lowest first; empty if it was never asked for or its configuration cannot be read
 * @param explanation what concerns all versions, such as a wrong configuration
 */
public record ModelStatus(String name, boolean askedFor, List<VersionStatus> versions, Explanation explanation) {
    /** Takes a copy. */
    public ModelStatus {
        versions = List.copyOf(versions);
    }

    /**
     * Whether clients get answers.
     *
     * @return true if at least one version is ready and none is missing
     */
    public boolean ready() {
        return !versions.isEmpty() && versions.stream().allMatch(v -> v.state() == State.READY);
    }

    /** The state of a model version. */
    public enum State {
        /** An instance answers requests. */
        READY,
        /** The first instance is being built. */
        LOADING,
        /** Asked for, but something is missing; becomes ready by itself when it arrives. */
        WAITING,
        /** Asked for, but the files or the configuration must be changed first. */
        FAILED,
        /** Its last requests are ending. */
        UNLOADING,
        /** Not asked for. */
        UNLOADED
    }

    /**
     * One version.
     *
     * @param version version number
     * @param state its state
     * @param metadata what it is; null unless ready
     * @param wiring the ops of the serving instance; null unless ready
     * @param requiredOps the names of the custom ops that its graph needs, as far as known
     * @param explanation why it is not ready; or, if it is ready, why a newer wiring was not taken
     * @param hold the ops that a rollback fixed; null if all move freely
     */
    public record VersionStatus(
            long version,
            State state,
            ModelMetadata metadata,
            Wiring wiring,
            List<String> requiredOps,
            Explanation explanation,
            Hold hold) {
        /** Takes a copy. */
        public VersionStatus {
            requiredOps = List.copyOf(requiredOps);
        }

        /**
         * A version that nothing holds.
         *
         * @param version version number
         * @param state its state
         * @param metadata what it is; null unless ready
         * @param wiring the ops of the serving instance; null unless ready
         * @param requiredOps the names of the custom ops that its graph needs, as far as known
         * @param explanation why it is not ready; or, if it is ready, why a newer wiring was not taken
         */
        public VersionStatus(
                long version,
                State state,
                ModelMetadata metadata,
                Wiring wiring,
                List<String> requiredOps,
                Explanation explanation) {
            this(version, state, metadata, wiring, requiredOps, explanation, null);
        }
    }
}
