package io.opgraft.backend;

import io.opgraft.probe.Registration;
import java.nio.file.Path;
import java.util.List;

/**
 * A private copy of an op library, ready to be loaded. Nothing else on the machine writes to it.
 *
 * @param digest lower-case SHA-256 of the library and its helpers; equal digests are equal bytes
 * @param library the file to load; helpers lie beside it as delivered
 * @param label who delivered it, for messages and names: symbolic name and version
 * @param ops the op names that the bundle declares
 * @param registrations what a trial load showed; empty if there was none
 */
public record OpLibraryCopy(
        String digest, Path library, String label, List<String> ops, List<Registration> registrations) {
    /** Takes a copy. */
    public OpLibraryCopy {
        ops = List.copyOf(ops);
        registrations = List.copyOf(registrations);
    }
}
