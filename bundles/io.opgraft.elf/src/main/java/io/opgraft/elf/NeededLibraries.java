package io.opgraft.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the dynamic loader brings in with libraries of one folder: their helpers there, libraries of the system, and names that
 * it would not find. Nothing is loaded. Not changed after it is read, so safe for use by many threads.
 */
public final class NeededLibraries {
    private final Map<Path, ElfFile> own = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Path> system = new TreeMap<>();
    private final Map<String, String> absent = new TreeMap<>();

    private NeededLibraries() {}

    /**
     * Follows what libraries need.
     *
     * @param folder the folder of their helpers, with all folders in it
     * @param libraries where to begin
     * @param provided names that are there already, as those of the server's own libraries
     * @return what was found
     * @throws ElfException if one of the libraries or of their helpers is damaged
     * @throws IOException if a file cannot be read
     */
    public static NeededLibraries of(Path folder, List<Path> libraries, Set<String> provided)
            throws ElfException, IOException {
        Map<String, Path> inFolder = inFolder(folder);
        NeededLibraries needed = new NeededLibraries();
        Deque<Path> waiting = new ArrayDeque<>(libraries);
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            if (needed.own.containsKey(file)) {
                continue;
            }
            ElfFile elf = ElfFile.read(file);
            needed.own.put(file, elf);
            for (String name : elf.needed()) {
                needed.names.add(name);
                Path found = inFolder.get(name);
                if (found != null) {
                    waiting.add(found);
                } else if (!provided.contains(name)) {
                    needed.findInSystem(name, file, elf);
                }
            }
        }
        // One that is loaded under another file name has the name already when it is asked for.
        needed.own.values().forEach(elf -> needed.absent.remove(elf.soname()));
        return needed;
    }

    /** The libraries of a folder by file name and SONAME. */
    private static Map<String, Path> inFolder(Path folder) throws IOException {
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

    private void findInSystem(String name, Path file, ElfFile elf) {
        if (system.containsKey(name)) {
            return;
        }
        Path found = name.contains("/") ? existing(Path.of(name)) : null;
        for (Path folder : found == null ? runpath(file, elf) : List.<Path>of()) {
            found = found == null ? existing(folder.resolve(name)) : found;
        }
        if (found == null) {
            found = SystemFolders.find(name);
        }
        if (found == null) {
            absent.putIfAbsent(name, String.valueOf(file.getFileName()));
        } else {
            system.put(name, found);
        }
    }

    private static List<Path> runpath(Path file, ElfFile elf) {
        List<Path> folders = new ArrayList<>();
        String origin = String.valueOf(file.toAbsolutePath().getParent());
        for (String text : elf.runpath().isEmpty() ? elf.rpath() : elf.runpath()) {
            try {
                folders.add(Path.of(text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)));
            } catch (InvalidPathException e) {
                // Not a folder of this machine.
            }
        }
        return folders;
    }

    private static Path existing(Path file) {
        return Files.isRegularFile(file) ? file : null;
    }

    /**
     * The libraries and their helpers in the folder.
     *
     * @return in the order in which they were found, the libraries first
     */
    public Map<Path, ElfFile> own() {
        return Collections.unmodifiableMap(own);
    }

    /**
     * Whether one of them needs a library by a name, wherever that is.
     *
     * @param name as in NEEDED, such as {@code libm.so.6}
     * @return whether it is needed
     */
    public boolean needs(String name) {
        return names.contains(name);
    }

    /**
     * Names that are needed and found nowhere.
     *
     * @return each with the name of a file that needs it
     */
    public Map<String, String> absent() {
        return Collections.unmodifiableMap(absent);
    }

    /**
     * Which symbols are defined by libraries of the system that are needed, by what those need in turn, and by some more.
     *
     * @param symbols what to look for
     * @param more further libraries
     * @return those of the symbols that are defined
     * @throws IOException if a file cannot be read
     */
    public Set<String> definedBySystem(Set<String> symbols, Collection<Path> more) throws IOException {
        Set<String> defined = new HashSet<>();
        Set<Path> seen = new HashSet<>();
        Deque<Path> waiting = new ArrayDeque<>(system.values());
        waiting.addAll(more);
        while (!waiting.isEmpty() && defined.size() < symbols.size()) {
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
