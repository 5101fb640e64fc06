package io.opgraft.models.internal.repository;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;

/** Folders with the files that requests gave in place of a model's own. Used by one thread. */
public final class OverrideFiles {
    private static final Pattern ELEMENT = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final int MAX_ELEMENTS = 16;

    private final Path folder;
    private int count;

    /**
     * Makes the store; what an earlier process left behind goes with the first use.
     *
     * @param folder of this store alone
     */
    public OverrideFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Whether a path stays inside the model's folder and is one that a model can have there.
     *
     * @param path from a client
     * @return true if it is safe
     */
    public static boolean isInside(String path) {
        String[] elements = path.split("/", -1);
        return elements.length <= MAX_ELEMENTS
                && Arrays.stream(elements).allMatch(e -> ELEMENT.matcher(e).matches() && !e.startsWith("."));
    }

    /**
     * Writes the files of a model; {@link #forget} removes them.
     *
     * @param model a valid name
     * @param files contents by path, each of which {@link #isInside} accepts
     * @return where they are
     * @throws IOException if they cannot be written
     */
    public Located write(String model, Map<String, byte[]> files) throws IOException {
        if (count++ == 0) {
            delete(folder);
        }
        Path directory = folder.resolve(model + "-" + count).resolve(model);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!isInside(file.getKey())) {
                throw new IOException(file.getKey() + " is no path inside of the model");
            }
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Path real = directory.toRealPath();
        return new Located(model, real.getParent(), real, null);
    }

    /**
     * Removes what {@link #write} wrote.
     *
     * @param located its answer
     * @throws IOException if something remains
     */
    public void forget(Located located) throws IOException {
        delete(located.root());
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
