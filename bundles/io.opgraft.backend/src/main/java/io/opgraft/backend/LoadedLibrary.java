package io.opgraft.backend;

import java.nio.file.Path;

/**
 * An op library that this process has loaded. It stays mapped until the process ends.
 *
 * @param digest as in {@link OpLibraryCopy#digest}
 * @param label who delivered it first: symbolic name and version
 * @param library the file
 * @param bytes memory that the library and its helpers take for themselves, not shared with the file: relocated and
 *     written pages, as the operating system counts them now
 */
public record LoadedLibrary(String digest, String label, Path library, long bytes) {}
