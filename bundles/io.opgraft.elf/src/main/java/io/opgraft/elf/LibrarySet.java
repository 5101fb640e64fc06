package io.opgraft.elf;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The native libraries of one folder that belong together: one to load, and helpers that it needs.
 *
 * <p>The dynamic loader knows libraries by their SONAME, for the whole process: a second release of a set would silently
 * use the helpers of the first. Hence {@link #makeUnique}.
 */
public final class LibrarySet {
    private final Map<Path, ElfFile> libraries;
    private final Predicate<String> common;

    private LibrarySet(Map<Path, ElfFile> libraries, Predicate<String> common) {
        this.libraries = libraries;
        this.common = common;
    }

    /**
     * Reads every ELF file below a folder; other files are passed over.
     *
     * @param folder absolute, without symbolic links inside
     * @param common names of libraries that the process shares on purpose, such as the C library or the framework; they
     *     never count as helpers, even if the folder has files of that name
     * @return the set
     * @throws ElfException if an ELF file is cut or damaged
     * @throws IOException if a file cannot be read
     */
    public static LibrarySet read(Path folder, Predicate<String> common) throws ElfException, IOException {
        Map<Path, ElfException> damaged = new TreeMap<>();
        LibrarySet set = read(folder, common, damaged);
        for (ElfException e : damaged.values()) {
            throw e;
        }
        return set;
    }

    /**
     * Reads every ELF file below a folder that can be read; other files are passed over.
     *
     * @param folder absolute, without symbolic links inside
     * @param common names of libraries that the process shares on purpose
     * @param damaged takes the ELF files that are cut or damaged, with what is wrong
     * @return the set without those
     * @throws IOException if a file cannot be read
     */
    public static LibrarySet read(Path folder, Predicate<String> common, Map<Path, ElfException> damaged)
            throws IOException {
        Map<Path, ElfFile> libraries = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (ElfFile.isElf(file)) {
                try {
                    libraries.put(file, ElfFile.read(file));
                } catch (ElfException e) {
                    damaged.put(file, e);
                }
            }
        }
        return new LibrarySet(libraries, common);
    }

    /**
     * The ELF files of the set.
     *
     * @return by path, in order
     */
    public Map<Path, ElfFile> libraries() {
        return Map.copyOf(libraries);
    }

    /**
     * Names that one library of the set needs and another one of the set has.
     *
     * @return file names and SONAMEs, in order
     */
    public Set<String> helperNames() {
        Set<String> needed = needed();
        Set<String> names = new TreeSet<>();
        libraries.forEach((file, elf) -> {
            Set<String> own = names(file, elf);
            if (own.stream().anyMatch(needed::contains)) {
                names.addAll(own);
            }
        });
        names.removeIf(common);
        return names;
    }

    /**
     * Helpers that the loader would not find although the set has them.
     *
     * @param library the one that is loaded by its path
     * @return one sentence each; empty if the loader finds all of them
     */
    public List<String> unreachable(Path library) {
        Set<String> helpers = helperNames();
        Set<String> loaded = new HashSet<>();
        Map<String, String> notFound = new TreeMap<>();
        Deque<Path> waiting = new ArrayDeque<>(List.of(library));
        List<String> mainFolders = libraries.get(library).rpath();
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            ElfFile elf = libraries.get(file);
            if (!loaded.add(file.toString())) {
                continue;
            }
            loaded.addAll(names(file, elf));
            Set<Path> folders = folders(file, elf, library, mainFolders);
            for (String name : elf.needed()) {
                if (helpers.contains(name)) {
                    Path found = find(name, folders);
                    if (found == null) {
                        notFound.putIfAbsent(name, sentence(file, elf, name));
                    } else {
                        waiting.add(found);
                    }
                }
            }
        }
        notFound.keySet().removeAll(loaded);
        return List.copyOf(notFound.values());
    }

    /**
     * What is loaded with a library: the files of the set that it needs, and that these need.
     *
     * @param library a file of the set
     * @return the library first, then the others in the order in which they are met
     */
    public Set<Path> closure(Path library) {
        Map<String, List<Path>> byName = byName();
        Set<Path> found = new LinkedHashSet<>();
        Deque<Path> waiting = new ArrayDeque<>(List.of(library));
        while (!waiting.isEmpty()) {
            Path file = waiting.remove();
            if (found.add(file)) {
                for (String name : neededBy(libraries.get(file))) {
                    waiting.addAll(byName.getOrDefault(name, List.of()));
                }
            }
        }
        return found;
    }

    /**
     * What the libraries of some files need and the set does not have.
     *
     * @param files files of the set
     * @return names, in order
     */
    public Set<String> external(Set<Path> files) {
        Set<String> own = byName().keySet();
        Set<String> names = new TreeSet<>();
        for (Path file : files) {
            neededBy(libraries.get(file)).stream()
                    .filter(name -> !own.contains(name))
                    .forEach(names::add);
        }
        return names;
    }

    /**
     * Groups libraries that are loaded by their path: those that need each other, or a helper that another one needs
     * too, are in one group, since the process has only one copy of what they share.
     *
     * @param mains files of the set
     * @return each group with what is needed before what needs it, else in the order of their paths
     */
    public List<List<Path>> groups(Collection<Path> mains) {
        Map<Path, Set<Path>> closures = new TreeMap<>();
        mains.forEach(main -> closures.put(main, closure(main)));
        List<Set<Path>> parts = new ArrayList<>();
        List<List<Path>> groups = new ArrayList<>();
        closures.forEach((main, closure) -> {
            Set<Path> part = new HashSet<>(closure);
            List<Path> group = new ArrayList<>(List.of(main));
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (!Collections.disjoint(parts.get(i), part)) {
                    part.addAll(parts.remove(i));
                    group.addAll(groups.remove(i));
                }
            }
            parts.add(part);
            groups.add(group);
        });
        // A library needs more files than each of those that it needs; equal only in a circle.
        groups.forEach(group -> group.sort(
                Comparator.comparing((Path main) -> closures.get(main).size())
                        .thenComparing(Comparator.naturalOrder())));
        return groups;
    }

    private Map<String, List<Path>> byName() {
        Map<String, List<Path>> byName = new HashMap<>();
        libraries.forEach((file, elf) -> {
            for (String name : names(file, elf)) {
                if (!common.test(name)) {
                    byName.computeIfAbsent(name, key -> new ArrayList<>()).add(file);
                }
            }
        });
        return byName;
    }

    private static List<String> neededBy(ElfFile elf) {
        return elf.needed().stream()
                .map(text -> text.substring(text.lastIndexOf('/') + 1))
                .toList();
    }

    /**
     * Renames every helper, in all files of the set, to names that no other set has. The folders stay, so that paths
     * relative to {@code $ORIGIN} do.
     *
     * @param seed equal seeds give equal names; a digest of the set
     * @return old path to new path of each file that has another name now
     * @throws ElfException if a name cannot be replaced; the files are not usable then
     * @throws IOException if a file cannot be changed
     */
    public Map<Path, Path> makeUnique(String seed) throws ElfException, IOException {
        Map<String, String> names = new HashMap<>();
        for (String name : helperNames()) {
            names.put(name, UniqueNames.of(seed, name));
        }
        Map<Path, Path> moved = new TreeMap<>();
        Set<String> needed = needed();
        for (Map.Entry<Path, ElfFile> library : libraries.entrySet()) {
            Path file = library.getKey();
            ElfRepair.renameLibraries(file, names);
            String name = name(file);
            String soname = library.getValue().soname();
            // The loader looks for a file of the name that is needed, so that one wins over the name it had.
            String wanted = !needed.contains(name) && needed.contains(soname) ? soname : name;
            if (names.containsKey(wanted)) {
                Path to = file.resolveSibling(names.get(wanted));
                move(file, to, wanted);
                moved.put(file, to);
            }
        }
        return moved;
    }

    private static void move(Path file, Path to, String wanted) throws ElfException, IOException {
        try {
            Files.move(file, to);
        } catch (FileAlreadyExistsException e) {
            throw new ElfException(
                    name(file) + " and another file beside it are both " + wanted + "; keep one of them");
        }
    }

    private Set<String> needed() {
        Set<String> needed = new HashSet<>();
        for (ElfFile elf : libraries.values()) {
            needed.addAll(neededBy(elf));
        }
        return needed;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static Set<String> names(Path file, ElfFile elf) {
        Set<String> names = new HashSet<>(Set.of(name(file)));
        if (!elf.soname().isEmpty()) {
            names.add(elf.soname());
        }
        return names;
    }

    private Path find(String name, Set<Path> folders) {
        Path bySoname = null;
        for (Map.Entry<Path, ElfFile> library : libraries.entrySet()) {
            if (folders.contains(library.getKey().getParent())) {
                if (name(library.getKey()).equals(name)) {
                    return library.getKey();
                }
                if (library.getValue().soname().equals(name)) {
                    bySoname = library.getKey();
                }
            }
        }
        return bySoname;
    }

    /** RUNPATH holds for its own library alone and switches RPATH off; the RPATH of the first library holds for all. */
    private static Set<Path> folders(Path file, ElfFile elf, Path first, List<String> firstRpath) {
        Set<Path> folders = new HashSet<>();
        if (!elf.runpath().isEmpty()) {
            elf.runpath().forEach(text -> addFolder(folders, file, text));
        } else {
            elf.rpath().forEach(text -> addFolder(folders, file, text));
            firstRpath.forEach(text -> addFolder(folders, first, text));
        }
        return folders;
    }

    private static void addFolder(Set<Path> folders, Path file, String text) {
        String origin = String.valueOf(file.getParent());
        try {
            folders.add(Path.of(text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin))
                    .normalize());
        } catch (InvalidPathException e) {
            // A folder that cannot be named here holds none of our files.
            return;
        }
    }

    private static String sentence(Path file, ElfFile elf, String name) {
        List<String> folders = new ArrayList<>(elf.runpath());
        folders.addAll(elf.rpath());
        return name(file) + " needs " + name + ", which is in the bundle but not where the loader looks (RUNPATH "
                + (folders.isEmpty() ? "none" : String.join(":", folders))
                + "); link it with -Wl,-rpath,'$ORIGIN'";
    }
}
