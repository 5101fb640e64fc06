package io.opgraft.models.internal.repository;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The repository folders. Reads the disk at each call and keeps nothing; safe for use by many threads. */
public final class Repository {
    /** Deeper trees, and links that lead in circles, are refused. */
    private static final int MAX_DEPTH = 32;

    private final List<Path> roots;

    /**
     * Makes the repository.
     *
     * @param roots folders that hold one folder for each model
     */
    public Repository(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /**
     * All models at one moment.
     *
     * @param models by name; a model in two roots has a problem
     * @param unreadable sentences on the roots that could not be read and whose models are therefore left out
     */
    public record Scan(SortedMap<String, Located> models, List<String> unreadable) {}

    /**
     * Finds all models.
     *
     * @return what the readable roots hold
     */
    public Scan scan() {
        SortedMap<String, Located> found = new TreeMap<>();
        List<String> unreadable = new ArrayList<>();
        for (Path root : roots) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
                for (Path entry : entries) {
                    String name = String.valueOf(entry.getFileName());
                    if (ModelNames.isModel(name) && Files.isDirectory(entry)) {
                        found.merge(name, locate(root, name), Repository::twice);
                    }
                }
            } catch (IOException e) {
                unreadable.add("Model repository " + root + " cannot be read: " + reason(e) + ".");
            }
        }
        return new Scan(found, unreadable);
    }

    /**
     * Finds one model.
     *
     * @param name its name, from wherever
     * @return where it lies, or null if no root holds it
     */
    public Located find(String name) {
        if (!ModelNames.isModel(name)) {
            return null;
        }
        Located found = null;
        for (Path root : roots) {
            if (Files.isDirectory(root.resolve(name))) {
                Located here = locate(root, name);
                found = found == null ? here : twice(found, here);
            }
        }
        return found;
    }

    private static Located locate(Path root, String name) {
        Path folder = root.resolve(name);
        try {
            Path realRoot = root.toRealPath();
            Path real = folder.toRealPath();
            if (!real.startsWith(realRoot)) {
                return problem(
                        name,
                        folder,
                        "Folder " + folder + " of model " + name + " is a link that leaves its repository.",
                        "Copy the model into the repository.");
            }
            return new Located(name, realRoot, real, null);
        } catch (IOException e) {
            return problem(
                    name,
                    folder,
                    "Folder " + folder + " of model " + name + " cannot be read: " + reason(e) + ".",
                    "Check its owner and mode.");
        }
    }

    private static Located problem(String name, Path subject, String message, String remedy) {
        return new Located(name, null, null, new Reason(Kind.LOAD_FAILED, "", subject.toString(), message, remedy));
    }

    private static Located twice(Located one, Located other) {
        if (one.problem() != null || other.problem() != null) {
            return one.problem() != null ? one : other;
        }
        return problem(
                one.name(),
                other.directory(),
                "Model " + one.name() + " is in two repositories: " + one.directory() + " and " + other.directory()
                        + ".",
                "Remove or rename one of the folders.");
    }

    /**
     * Reads the state of a model's files.
     *
     * @param located a model without a problem
     * @return the snapshot
     * @throws IOException if a folder cannot be read or a link leaves the repository; the message names it
     */
    public ModelFiles files(Located located) throws IOException {
        SortedSet<String> shared = new TreeSet<>();
        SortedMap<Long, SortedSet<String>> versions = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(located.directory())) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (ModelNames.isVersion(name) && Files.isDirectory(entry)) {
                    SortedSet<String> marks = new TreeSet<>();
                    addMarks(located, entry, marks);
                    versions.put(Long.parseLong(name), marks);
                } else {
                    addMarks(located, entry, shared);
                }
            }
        }
        return new ModelFiles(located.directory(), shared, versions);
    }

    private static void addMarks(Located located, Path top, Set<String> marks) throws IOException {
        try (Stream<Path> tree = Files.walk(top, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path path : (Iterable<Path>) tree::iterator) {
                if (Files.isSymbolicLink(path) && !path.toRealPath().startsWith(located.root())) {
                    throw new IOException("Link " + path + " leaves the repository");
                }
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                // A folder's own time changes with its entries, which are all listed anyway.
                marks.add(
                        attributes.isDirectory()
                                ? top.relativize(path) + "/"
                                : top.getFileName() + "/" + top.relativize(path) + " " + attributes.size() + " "
                                        + attributes.lastModifiedTime() + " " + attributes.fileKey());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Puts an I/O error into words.
     *
     * @param e the error
     * @return part of a sentence
     */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        if (e instanceof NotDirectoryException) {
            return "it is no folder";
        }
        return String.valueOf(e.getMessage());
    }
}
