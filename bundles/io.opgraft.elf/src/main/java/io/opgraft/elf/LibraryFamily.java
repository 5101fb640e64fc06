package io.opgraft.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A library with the helpers that it needs and that lie near it: in its own folder, or in one that its run path names
 * relative to {@code $ORIGIN}. What the system or the framework provides is not part of it.
 *
 * @param root the lowest folder that holds all of the files
 * @param library the library itself
 * @param files the library and its helpers
 */
public record LibraryFamily(Path root, Path library, Set<Path> files) {
    private static final List<Path> SYSTEM = List.of(
            Path.of("/lib"), Path.of("/lib64"), Path.of("/usr/lib"), Path.of("/usr/lib64"), Path.of("/usr/local/lib"));
    private static final int LIMIT = 1000;

    /** Takes a copy that keeps the order. */
    public LibraryFamily {
        files = Collections.unmodifiableSet(new LinkedHashSet<>(files));
    }

    /**
     * Finds the helpers.
     *
     * @param file the library; a file that cannot be read as one has no helpers
     * @param common names that the process has for all libraries, such as those of a framework
     * @return the family
     * @throws IOException if a file cannot be read
     */
    public static LibraryFamily of(Path file, Predicate<String> common) throws IOException {
        Path library = file.toAbsolutePath().normalize();
        Set<Path> files = new LinkedHashSet<>();
        Deque<Path> waiting = new ArrayDeque<>(List.of(library));
        while (!waiting.isEmpty() && files.size() < LIMIT) {
            Path next = waiting.remove();
            if (files.add(next)) {
                waiting.addAll(helpers(next, common));
            }
        }
        return new LibraryFamily(root(files), library, files);
    }

    private static List<Path> helpers(Path file, Predicate<String> common) throws IOException {
        ElfFile elf;
        try {
            elf = ElfFile.read(file);
        } catch (ElfException e) {
            // Whoever judges it says so.
            return List.of();
        }
        List<Path> folders = folders(file, elf);
        List<Path> found = new ArrayList<>();
        for (String name : elf.needed()) {
            if (name.indexOf('/') >= 0 || common.test(name)) {
                continue;
            }
            for (Path folder : folders) {
                Path helper = folder.resolve(name);
                if (Files.isRegularFile(helper)) {
                    found.add(helper);
                    break;
                }
            }
        }
        return found;
    }

    /** Where the loader looks, and last the library's own folder: a helper there that is not found is worth a finding. */
    private static List<Path> folders(Path file, ElfFile elf) {
        List<Path> folders = new ArrayList<>();
        List<String> texts = elf.runpath().isEmpty() ? elf.rpath() : elf.runpath();
        for (String text : texts) {
            if (text.startsWith("$ORIGIN") || text.startsWith("${ORIGIN}")) {
                near(file, text).ifPresent(folders::add);
            }
        }
        folders.add(file.getParent());
        folders.removeIf(LibraryFamily::isSystem);
        return folders;
    }

    /** A folder that cannot be named here holds none of our files. */
    private static Optional<Path> near(Path file, String text) {
        String origin = file.getParent().toString();
        try {
            return Optional.of(Path.of(text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin))
                    .normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isSystem(Path folder) {
        return SYSTEM.contains(folder)
                || (SYSTEM.contains(folder.getParent()) && folder.toString().endsWith("-linux-gnu"));
    }

    private static Path root(Set<Path> files) {
        Path root = null;
        for (Path file : files) {
            Path folder = file.getParent();
            while (root != null && !folder.startsWith(root)) {
                root = root.getParent();
            }
            root = root == null ? folder : root;
        }
        return root;
    }

    /**
     * Copies the files, in their places to each other.
     *
     * @param folder an empty folder
     * @return the copy of the library
     * @throws IOException if a file cannot be copied
     */
    public Path copyTo(Path folder) throws IOException {
        for (Path file : files) {
            Path copy = folder.resolve(root.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        return folder.resolve(root.relativize(library).toString());
    }
}
