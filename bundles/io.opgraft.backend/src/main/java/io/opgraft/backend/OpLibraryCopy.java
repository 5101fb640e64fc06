package io.opgraft.backend;

import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Registration;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A private copy of an op library, ready to be loaded. Nothing else on the machine writes to it.
 *
 * @param digest lower-case SHA-256 of the library and its helpers; equal digests are equal bytes
 * @param library the file to load; helpers lie beside it as delivered
 * @param label who delivered it, for messages and names: symbolic name and version
 * @param ops the op names that the bundle declares
 * @param registrations what a trial load showed; empty if there was none
 * @param files the library with its folder, and what is to be loaded before it into the same scope
 */
public record OpLibraryCopy(
        String digest,
        Path library,
        String label,
        List<String> ops,
        List<Registration> registrations,
        LibraryFiles files) {
    /** Takes a copy. */
    public OpLibraryCopy {
        ops = List.copyOf(ops);
        registrations = List.copyOf(registrations);
        Objects.requireNonNull(files, "files");
    }

    /**
     * A library that lies alone in its folder.
     *
     * @param digest lower-case SHA-256 of the library
     * @param library the file to load
     * @param label who delivered it
     * @param ops the op names that the bundle declares
     * @param registrations what a trial load showed
     */
    public OpLibraryCopy(
            String digest, Path library, String label, List<String> ops, List<Registration> registrations) {
        this(digest, library, label, ops, registrations, LibraryFiles.alone(library));
    }
}
