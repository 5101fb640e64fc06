package io.opgraft.ops.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfMachine;
import io.opgraft.elf.ElfRepair;
import io.opgraft.elf.LibrarySet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges and repairs the private copy of an op library. What depends on the framework is the backend's to judge. */
final class Lint {
    /** Goes up when the repairs change, so that copies made by an older version are made again. */
    static final int REPAIR_VERSION = 1;

    private final Platform here;

    Lint(Platform here) {
        this.here = here;
    }

    /** Where the library is after its repair, and what there is to know. */
    record Result(Path library, List<String> notes) {}

    /**
     * Judges the library with its helpers and repairs them in place.
     *
     * @param folder holds nothing but the copies
     * @param library the file to load, inside the folder
     * @param digest of what was delivered; private names come from it
     */
    Result judge(Path folder, Path library, String digest) throws RefusedException, IOException {
        try {
            ElfFile.read(library);
            LibrarySet set = LibrarySet.read(folder, CommonLibraries::contains);
            Set<String> helpers = set.helperNames();
            for (Map.Entry<Path, ElfFile> file : set.libraries().entrySet()) {
                boolean main = file.getKey().equals(library);
                String name = name(file.getKey());
                // Other files may be data, such as code for a device.
                if (main
                        || helpers.contains(name)
                        || helpers.contains(file.getValue().soname())) {
                    checkKind(name, file.getValue());
                }
            }
            List<String> unreachable = set.unreachable(library);
            if (!unreachable.isEmpty()) {
                throw new RefusedException(String.join("; ", unreachable));
            }
            return repair(set, library, digest);
        } catch (ElfException e) {
            throw new RefusedException(e.getMessage());
        }
    }

    private void checkKind(String name, ElfFile elf) throws RefusedException {
        if (elf.machine() != ElfMachine.code(here.arch())) {
            throw new RefusedException(name + " is for " + elf.machineName() + ", this machine is " + here.arch()
                    + "; deliver one that is built for " + here);
        }
        if (!elf.isSharedLibrary()) {
            throw new RefusedException(name + " is not a shared library; link it with -shared");
        }
    }

    private static Result repair(LibrarySet set, Path library, String digest) throws ElfException, IOException {
        List<String> notes = new ArrayList<>();
        for (Map.Entry<Path, ElfFile> file : set.libraries().entrySet()) {
            String name = name(file.getKey());
            int unique = ElfRepair.weakenUniqueSymbols(file.getKey());
            if (unique > 0) {
                notes.add(name + ": " + unique + " unique symbols made private");
            }
            if (file.getValue().needsExecutableStack()) {
                notes.add(name + ": asks for executable stacks");
            }
            if (file.getValue().usesStaticTls()) {
                notes.add(name + ": takes static thread-local storage, of which a process has little");
            }
        }
        Map<Path, Path> moved = set.makeUnique(digest);
        moved.forEach((from, to) -> notes.add(name(from) + ": renamed to " + name(to)));
        notes.sort(null);
        return new Result(moved.getOrDefault(library, library), List.copyOf(notes));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
