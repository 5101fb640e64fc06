package io.opgraft.tensorflow.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.SystemFolders;
import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the dynamic loader brings in with a library: its own files, libraries of the system, and those it lacks. */
final class LinkedFiles {
    /** In this process before any op library: the loader finds them by these names. */
    private static final Set<String> TENSORFLOW = Set.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2");

    private final Map<Path, ElfFile> own = new LinkedHashMap<>();
    private final Map<String, Path> system = new TreeMap<>();
    /** By name, with the file that needs it. */
    private final Map<String, String> absent = new TreeMap<>();

    private LinkedFiles() {}

    static LinkedFiles read(LibraryFiles files) throws ElfException, IOException {
        Map<String, Path> inFolder = names(files.folder());
        LinkedFiles linked = new LinkedFiles();
        Deque<Path> waiting = new ArrayDeque<>(files.before());
        waiting.add(files.library());
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            if (linked.own.containsKey(file)) {
                continue;
            }
            ElfFile elf = ElfFile.read(file);
            linked.own.put(file, elf);
            for (String name : elf.needed()) {
                Path found = inFolder.get(name);
                if (found != null) {
                    waiting.add(found);
                } else if (!TENSORFLOW.contains(name)) {
                    linked.findInSystem(name, file, elf);
                }
            }
        }
        linked.inFolder().forEach(linked.absent::remove);
        return linked;
    }

    /** The libraries of the folder by file name and SONAME. */
    private static Map<String, Path> names(Path folder) throws IOException {
        Map<String, Path> names = new HashMap<>();
        List<Path> files;
        try (var walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (ElfFile.isElf(file)) {
                names.put(String.valueOf(file.getFileName()), file);
                try {
                    names.putIfAbsent(ElfFile.read(file).soname(), file);
                } catch (ElfException e) {
                    // Another library's fault, unless this one needs it; then it is read again.
                }
            }
        }
        return names;
    }

    private Set<String> inFolder() {
        Set<String> names = new HashSet<>();
        own.values().forEach(elf -> names.add(elf.soname()));
        return names;
    }

    private void findInSystem(String name, Path file, ElfFile elf) {
        if (system.containsKey(name)) {
            return;
        }
        List<Path> folders = new ArrayList<>();
        String origin = String.valueOf(file.toAbsolutePath().getParent());
        for (String text : elf.runpath().isEmpty() ? elf.rpath() : elf.runpath()) {
            try {
                folders.add(Path.of(text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)));
            } catch (InvalidPathException e) {
                // Not a folder of this machine.
            }
        }
        folders.addAll(SystemFolders.all());
        Path found = name.contains("/") ? existing(Path.of(name)) : null;
        for (Path folder : folders) {
            found = found == null ? existing(folder.resolve(name)) : found;
        }
        if (found == null) {
            absent.putIfAbsent(name, String.valueOf(file.getFileName()));
        } else {
            system.put(name, found);
        }
    }

    private static Path existing(Path file) {
        return Files.isRegularFile(file) ? file : null;
    }

    /** The library, what is loaded before it, and their helpers. */
    Map<Path, ElfFile> own() {
        return own;
    }

    /** As the system names them. */
    Set<Path> realPaths() throws IOException {
        Set<Path> paths = new HashSet<>();
        for (Path file : own.keySet()) {
            paths.add(file.toRealPath());
        }
        return paths;
    }

    /** Names that are needed and not found, with the file that needs them. */
    Map<String, String> absent() {
        return absent;
    }

    /** Which of some symbols the needed libraries of the system define, and what those need in turn. */
    Set<String> definedBySystem(Set<String> symbols) throws IOException {
        Set<String> defined = new HashSet<>();
        Set<Path> seen = new HashSet<>();
        Deque<Path> waiting = new ArrayDeque<>(system.values());
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            if (!seen.add(file.toRealPath())) {
                continue;
            }
            try {
                ElfFile elf = ElfFile.read(file);
                defined.addAll(elf.definedAmong(symbols));
                for (String name : elf.needed()) {
                    Path found = SystemFolders.find(name);
                    if (found != null) {
                        waiting.add(found);
                    }
                }
            } catch (ElfException e) {
                // A linker script or another kind of file: the loader takes nothing from it either.
            }
        }
        return defined;
    }
}
