package io.opgraft.ops.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gathers a library on the disk with the helpers that lie where its run path leads, relative to itself. */
final class HelperFiles {
    private static final String ORIGIN = "$ORIGIN";
    private static final int LIMIT = 1000;

    private HelperFiles() {}

    static Delivery of(Path library) throws IOException, RefusedException {
        Path first = library.toAbsolutePath().normalize();
        Set<Path> files = new TreeSet<>();
        Deque<Path> waiting = new ArrayDeque<>(List.of(first));
        while (!waiting.isEmpty() && files.size() < LIMIT) {
            Path file = waiting.remove();
            if (files.add(file)) {
                waiting.addAll(helpers(file));
            }
        }
        Path root = first.getParent();
        for (Path file : files) {
            while (!file.startsWith(root)) {
                root = root.getParent();
            }
        }
        TreeMap<String, Delivery.Content> contents = new TreeMap<>();
        for (Path file : files) {
            contents.put(root.relativize(file).toString(), () -> Files.newInputStream(file));
        }
        return Delivery.of(contents, List.of(root.relativize(first).toString()));
    }

    private static List<Path> helpers(Path file) throws IOException {
        ElfFile elf;
        try {
            elf = ElfFile.read(file);
        } catch (ElfException e) {
            // The lint says what is wrong with it.
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        for (String name : elf.needed()) {
            for (String folder : elf.runpath().isEmpty() ? elf.rpath() : elf.runpath()) {
                String text = folder.replace("${ORIGIN}", ORIGIN);
                if (!CommonLibraries.contains(name) && text.startsWith(ORIGIN)) {
                    addIfThere(file.getParent() + text.substring(ORIGIN.length()) + "/" + name, found);
                }
            }
        }
        return found;
    }

    private static void addIfThere(String path, List<Path> found) {
        try {
            Path file = Path.of(path).normalize();
            if (Files.isRegularFile(file)) {
                found.add(file);
            }
        } catch (InvalidPathException e) {
            // No file of this machine has such a name.
            return;
        }
    }
}
