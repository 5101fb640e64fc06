package io.opgraft.tools.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for temporary files that is deleted with all that it holds. */
public final class WorkFolder implements AutoCloseable {
    private final Path folder;

    /**
     * Makes a folder.
     *
     * @param place an existing folder for it
     * @throws IOException if it cannot be made
     */
    public WorkFolder(Path place) throws IOException {
        folder = Files.createTempDirectory(place, "files");
    }

    /**
     * A new folder inside.
     *
     * @return empty
     * @throws IOException if it cannot be made
     */
    public Path next() throws IOException {
        return Files.createTempDirectory(folder, "");
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
