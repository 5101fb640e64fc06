package io.opgraft.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A library with its helpers on the disk. Op libraries of one folder that need each other are one unit: they share a
 * scope, are loaded together, and are judged together.
 *
 * @param folder holds the library and its helpers in their places to each other, and nothing else
 * @param library the file to load, inside the folder; the last one of a unit
 * @param before the other op libraries of the unit, to be loaded before it into the same scope, in this order; usually
 *     empty
 */
public record LibraryFiles(Path folder, Path library, List<Path> before) {
    /** Checks that all parts are there. */
    public LibraryFiles {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(library, "library");
        before = List.copyOf(before);
    }

    /**
     * A library that is a unit of its own.
     *
     * @param folder holds the library and its helpers in their places to each other, and nothing else
     * @param library the file to load, inside the folder
     */
    public LibraryFiles(Path folder, Path library) {
        this(folder, library, List.of());
    }

    /**
     * The op libraries of the unit.
     *
     * @return in the order in which they are loaded, so that {@link #library()} is the last
     */
    public List<Path> libraries() {
        List<Path> all = new ArrayList<>(before);
        all.add(library);
        return all;
    }

    /**
     * A library that lies alone in its folder.
     *
     * @param library the file to load
     * @return it and its folder
     */
    public static LibraryFiles alone(Path library) {
        Path file = library.toAbsolutePath();
        return new LibraryFiles(file.getParent(), file);
    }
}
