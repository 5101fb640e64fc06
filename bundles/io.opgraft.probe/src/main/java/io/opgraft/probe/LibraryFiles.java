package io.opgraft.probe;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A library with its helpers on the disk.
 *
 * @param folder holds the library and its helpers in their places to each other, and nothing else
 * @param library the file to load, inside the folder
 */
public record LibraryFiles(Path folder, Path library) {
    /** Checks that both parts are there. */
    public LibraryFiles {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(library, "library");
    }
}
