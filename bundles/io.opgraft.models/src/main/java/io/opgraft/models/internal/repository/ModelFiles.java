package io.opgraft.models.internal.repository;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of a model at one moment. Equal snapshots mean that nothing changed in between.
 *
 * @param directory the model's folder
 * @param shared marks of the files outside of version folders, the configuration among them
 * @param versions marks of the files of each version folder
 */
public record ModelFiles(Path directory, SortedSet<String> shared, SortedMap<Long, SortedSet<String>> versions) {
    /** Takes copies. */
    public ModelFiles {
        shared = new TreeSet<>(shared);
        versions = new TreeMap<>(versions);
    }

    /**
     * The configuration.
     *
     * @return path of {@code config.pbtxt}, whether it exists or not
     */
    public Path config() {
        return directory.resolve("config.pbtxt");
    }

    /**
     * A version folder.
     *
     * @param version version number
     * @return its path
     */
    public Path version(long version) {
        return directory.resolve(Long.toString(version));
    }
}
