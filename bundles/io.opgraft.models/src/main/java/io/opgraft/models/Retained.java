package io.opgraft.models;

import java.util.List;

/**
 * The op libraries that this process has mapped. New ones are refused while those that are no longer in use reach a
 * limit.
 *
 * @param libraries in the order of loading
 * @param maxUnused how many may be mapped without being in use; 0 for no limit
 * @param maxUnusedBytes how many bytes those may take; 0 for no limit
 */
public record Retained(List<RetainedLibrary> libraries, int maxUnused, long maxUnusedBytes) {
    /** Takes a copy. */
    public Retained {
        libraries = List.copyOf(libraries);
    }

    /**
     * The libraries that only take memory.
     *
     * @return those without users
     */
    public List<RetainedLibrary> unused() {
        return libraries.stream().filter(library -> !library.inUse()).toList();
    }

    /**
     * Adds up memory.
     *
     * @param libraries some of the libraries
     * @return bytes
     */
    public static long bytes(List<RetainedLibrary> libraries) {
        return libraries.stream().mapToLong(RetainedLibrary::bytes).sum();
    }
}
