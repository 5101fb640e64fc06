package io.opgraft.tensorflow.internal;

import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfMachine;
import io.opgraft.elf.ElfSymbol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an op library asks of this TensorFlow, judged without running any of its code.
 *
 * @param exclusive whether it registers protocol buffers with TensorFlow's own protobuf, which knows no name spaces
 */
record Symbols(boolean exclusive) {
    private static final int NAMED_IN_MESSAGE = 5;
    private static final List<String> SYSTEM_FOLDERS = List.of(
            "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/local/lib", "/usr/lib");

    static Symbols check(OpLibraryCopy copy) throws OpLoadException {
        try {
            List<ElfFile> files = new ArrayList<>();
            files.add(ElfFile.read(copy.library()));
            if (files.get(0).machine() != ElfMachine.X86_64) {
                throw new OpLoadException("it is built for " + files.get(0).machineName() + ", not for x86-64");
            }
            files.addAll(helpers(copy));
            return check(files);
        } catch (ElfException | IOException e) {
            throw new OpLoadException("it cannot be read: " + e.getMessage());
        }
    }

    private static List<ElfFile> helpers(OpLibraryCopy copy) throws ElfException, IOException {
        List<ElfFile> helpers = new ArrayList<>();
        List<Path> files;
        try (var walk = Files.walk(root(copy))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (!file.equals(copy.library()) && ElfFile.isElf(file)) {
                helpers.add(ElfFile.read(file));
            }
        }
        return helpers;
    }

    /** The folder that holds the library with its helpers: named by the digest, else the library's own. */
    private static Path root(OpLibraryCopy copy) {
        for (Path folder = copy.library().getParent(); folder != null; folder = folder.getParent()) {
            if (folder.endsWith(copy.digest())) {
                return folder;
            }
        }
        return copy.library().getParent();
    }

    private static Symbols check(List<ElfFile> files) throws OpLoadException {
        Set<String> own = new HashSet<>();
        files.forEach(file -> file.definedSymbols().forEach(symbol -> own.add(symbol.name())));
        Set<String> asked = new TreeSet<>();
        for (ElfFile file : files) {
            for (ElfSymbol symbol : file.undefinedSymbols()) {
                if (!own.contains(symbol.name())) {
                    asked.add(symbol.name());
                }
            }
        }
        List<String> missing = asked.stream()
                .filter(name -> !Shim.defines(name.getBytes(StandardCharsets.UTF_8)))
                .toList();
        if (!missing.isEmpty()) {
            List<String> absent = absentLibraries(files);
            if (!absent.isEmpty()) {
                throw new OpLoadException("it needs " + String.join(", ", absent)
                        + ", neither in its bundle nor a library of this machine; undefined: " + missing.get(0));
            }
            throw new OpLoadException("it is built for another TensorFlow: " + missing.size()
                    + (missing.size() == 1 ? " symbol is" : " symbols are") + " undefined here: "
                    + String.join(", ", missing.subList(0, Math.min(NAMED_IN_MESSAGE, missing.size())))
                    + (missing.size() > NAMED_IN_MESSAGE ? " and more" : ""));
        }
        return new Symbols(asked.stream().anyMatch(Symbols::registersProtobuf));
    }

    /** What the files need and neither they themselves, TensorFlow nor the system's folders have. */
    private static List<String> absentLibraries(List<ElfFile> files) {
        Set<String> own = new HashSet<>();
        Set<String> needed = new TreeSet<>();
        for (ElfFile file : files) {
            own.add(file.soname());
            needed.addAll(file.needed());
        }
        return needed.stream()
                .filter(name -> !own.contains(name) && !name.startsWith("libtensorflow"))
                .filter(name -> SYSTEM_FOLDERS.stream().noneMatch(folder -> Files.exists(Path.of(folder, name))))
                .toList();
    }

    private static boolean registersProtobuf(String symbol) {
        return symbol.contains("InternalAddGeneratedFile") || symbol.contains("AddDescriptors");
    }
}
