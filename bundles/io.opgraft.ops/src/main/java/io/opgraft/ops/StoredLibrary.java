package io.opgraft.ops;

import io.opgraft.probe.LibraryFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * A private copy of an op library that is kept, whether its bundle is still there or not.
 *
 * @param framework framework that loads it
 * @param ops names of the ops that it registers, with those of its unit
 * @param digest as in {@link OpProvider#digest}
 * @param library the file to load
 * @param report its judgement
 * @param files all that is loaded with it
 */
public record StoredLibrary(
        String framework, List<String> ops, String digest, Path library, LibraryReport report, LibraryFiles files) {
    /** Takes a copy. */
    public StoredLibrary {
        ops = List.copyOf(ops);
    }
}
