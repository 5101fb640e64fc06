package io.opgraft.ops.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfRepair;
import io.opgraft.elf.LibrarySet;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.probe.Finding;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judges and repairs the private copy of a folder by what holds for every framework. */
final class Lint {
    /** Goes up when the repairs or their record change, so that copies made by an older version are made again. */
    static final int REPAIR_VERSION = 2;

    private static final String DAMAGED = "damaged file";

    private final Platform here;

    Lint(Platform here) {
        this.here = here;
    }

    /** Units before digests were given to them. */
    record Judged(List<Path> members, List<Finding> findings, LibraryFacts facts, Set<Path> closure) {
        boolean refused() {
            return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.REFUSED);
        }
    }

    /** A folder that was judged, with what was read of it. */
    record Folder(LibrarySet set, List<Judged> units) {}

    /**
     * Judges the op libraries with their helpers; changes nothing.
     *
     * @param folder holds nothing but the copies
     * @param mains the op libraries, inside the folder
     */
    Folder judge(Path folder, List<Path> mains) throws IOException {
        Map<Path, ElfException> damaged = new TreeMap<>();
        LibrarySet set = LibrarySet.read(folder, CommonLibraries::contains, damaged);
        List<Judged> units = new ArrayList<>();
        List<Path> whole = new ArrayList<>();
        for (Path main : mains) {
            if (set.libraries().containsKey(main)) {
                whole.add(main);
            } else {
                units.add(unusable(main, damaged.get(main)));
            }
        }
        long bytes = size(folder);
        for (List<Path> group : set.groups(whole)) {
            units.add(judge(set, group, damaged, bytes));
        }
        return new Folder(set, units);
    }

    private static Judged unusable(Path main, ElfException damage) {
        String message = damage == null ? name(main) + " is not an ELF file" : damage.getMessage();
        Finding finding = new Finding(Verdict.REFUSED, DAMAGED, name(main), message, "");
        return new Judged(List.of(main), List.of(finding), LibraryFacts.NONE, Set.of(main));
    }

    private Judged judge(LibrarySet set, List<Path> group, Map<Path, ElfException> damaged, long bytes) {
        Set<Path> closure = new TreeSet<>();
        group.forEach(main -> closure.addAll(set.closure(main)));
        Map<Path, ElfFile> files = new TreeMap<>(set.libraries());
        files.keySet().retainAll(closure);
        List<Finding> findings = new ArrayList<>();
        files.forEach((file, elf) -> LibraryRules.check(name(file), elf, here, findings));
        for (Path main : group) {
            set.unreachable(main)
                    .forEach(sentence -> findings.add(
                            new Finding(Verdict.REFUSED, "helper not reachable", name(main), sentence, "")));
        }
        Set<String> external = set.external(closure);
        damaged.forEach((file, damage) -> {
            boolean needed = external.contains(name(file));
            findings.add(new Finding(
                    needed ? Verdict.REFUSED : Verdict.ISOLATABLE, DAMAGED, name(file), damage.getMessage(), ""));
        });
        return new Judged(group, findings, LibraryRules.facts(files.values(), external, bytes), closure);
    }

    /**
     * What a repair did.
     *
     * @param changed whether any file is not what it was
     * @param moved old place to new place of each file that has another name now
     */
    record Repaired(boolean changed, Map<Path, Path> moved) {
        static final Repaired NOTHING = new Repaired(false, Map.of());
    }

    /**
     * Repairs all files in place and notes that in the units concerned.
     *
     * @param folder nothing of it was changed since it was judged
     * @param seed private names come from it
     * @throws ElfException if a name cannot be made private; the files are not usable then
     */
    static Repaired repair(Folder folder, String seed) throws ElfException, IOException {
        boolean changed = false;
        for (Map.Entry<Path, ElfFile> library : folder.set().libraries().entrySet()) {
            Path file = library.getKey();
            int unique = library.getValue().uniqueSymbols().isEmpty() ? 0 : ElfRepair.weakenUniqueSymbols(file);
            if (unique > 0) {
                changed = true;
                note(
                        folder.units(),
                        file,
                        "unique symbols",
                        name(file) + " has " + unique
                                + (unique == 1 ? " unique symbol, which is" : " unique symbols, which are")
                                + " one for the whole process",
                        "made private in the server's copy");
            }
        }
        if (folder.set().helperNames().isEmpty()) {
            return new Repaired(changed, Map.of());
        }
        Map<Path, Path> moved = folder.set().makeUnique(seed);
        moved.forEach((from, to) -> note(
                folder.units(),
                from,
                "helper name",
                name(from) + " is known to the process by its name, and another version's would be taken for it",
                "named " + name(to) + " in the server's copy"));
        return new Repaired(true, moved);
    }

    private static void note(List<Judged> units, Path file, String topic, String message, String remedy) {
        for (Judged unit : units) {
            if (unit.closure().contains(file)) {
                unit.findings().add(new Finding(Verdict.ISOLATABLE_AFTER_REPAIR, topic, name(file), message, remedy));
            }
        }
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : Durable.files(folder)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
