package io.opgraft.tensorflow.internal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/** Folders with a SavedModel whose graph was rewritten: everything but the graph is a link to the original. */
final class BoundDirectory {
    /** The rewritten file, and one that states the digest of the file as it was. */
    private static final Set<String> REPLACED = Set.of("saved_model.pb", "fingerprint.pb");

    private BoundDirectory() {}

    /**
     * Makes the folder.
     *
     * @param original the SavedModel
     * @param target a folder that does not exist
     * @param savedModel the new content of saved_model.pb
     */
    static void create(Path original, Path target, byte[] savedModel) throws IOException {
        Files.createDirectories(target);
        List<Path> parts;
        try (var files = Files.list(original.toRealPath())) {
            parts = files.toList();
        }
        for (Path part : parts) {
            String name = part.getFileName().toString();
            if (!REPLACED.contains(name)) {
                Files.createSymbolicLink(target.resolve(name), part);
            }
        }
        Files.write(target.resolve("saved_model.pb"), savedModel);
    }

    /** Deletes a folder with all that is in it; links are deleted, not followed. Nothing happens if it is not there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
