package io.opgraft.models;

import java.util.List;

/**
 * An op library that this process has mapped, and that stays mapped until the process ends.
 *
 * @param framework the backend that loaded it
 * @param digest SHA-256 of the library as delivered
 * @param bundle who delivered it first: symbolic name and version
 * @param bytes memory that it takes for itself
 * @param users model versions that serve with it, as {@code model/version}; empty if it is no longer in use
 */
public record RetainedLibrary(String framework, String digest, String bundle, long bytes, List<String> users) {
    /** Takes a copy. */
    public RetainedLibrary {
        users = List.copyOf(users);
    }

    /**
     * Whether a model serves with it.
     *
     * @return false if it only takes memory
     */
    public boolean inUse() {
        return !users.isEmpty();
    }
}
