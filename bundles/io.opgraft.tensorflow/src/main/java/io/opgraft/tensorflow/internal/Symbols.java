package io.opgraft.tensorflow.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfMachine;
import io.opgraft.elf.ElfSymbol;
import io.opgraft.elf.NeededLibraries;
import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an op library asks of TensorFlow and the system, found without running any of its code, and as strict as the
 * dynamic loader: what it would not load has something missing here.
 *
 * @param machine null if it is x86-64, else what it is
 * @param files its own files, as the system names them: itself, what is loaded before it, and helpers
 * @param absent libraries that cannot be had, each with the file that needs it
 * @param asked symbols that its own files leave to others
 * @param missing those of them that nobody defines
 * @param versions symbol versions that the system's libraries lack, each with a symbol that asks for it
 */
record Symbols(
        String machine,
        Set<Path> files,
        Map<String, String> absent,
        Set<String> asked,
        Set<String> missing,
        Map<String, String> versions) {
    /** In this process before any op library: the loader finds them by these names. */
    private static final Set<String> TENSORFLOW = Set.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2");

    private static final Set<String> SYSTEM_VERSIONS = Set.of("GLIBC", "GLIBCXX", "CXXABI", "GCC");

    /** TensorFlow has to be loaded. */
    static Symbols read(LibraryFiles files) throws ElfException, IOException {
        NeededLibraries linked = NeededLibraries.of(files.folder(), files.libraries(), TENSORFLOW);
        Set<String> own = new HashSet<>();
        for (ElfFile file : linked.own().values()) {
            if (file.machine() != ElfMachine.X86_64) {
                return new Symbols(file.machineName(), Set.of(), Map.of(), Set.of(), Set.of(), Map.of());
            }
            file.definedSymbols().forEach(symbol -> own.add(symbol.name()));
        }
        Set<String> asked = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        Map<String, String> versions = new TreeMap<>();
        for (ElfFile file : linked.own().values()) {
            for (ElfSymbol symbol : file.undefinedSymbols()) {
                if (!own.contains(symbol.name()) && asked.add(symbol.name())) {
                    check(symbol, missing, versions);
                }
            }
        }
        if (!missing.isEmpty()) {
            missing.removeAll(linked.definedBySystem(missing, Set.of()));
        }
        return new Symbols(null, realPaths(linked.own().keySet()), linked.absent(), asked, missing, versions);
    }

    private static Set<Path> realPaths(Set<Path> files) throws IOException {
        Set<Path> paths = new HashSet<>();
        for (Path file : files) {
            paths.add(file.toRealPath());
        }
        return paths;
    }

    private static void check(ElfSymbol symbol, Set<String> missing, Map<String, String> versions) {
        byte[] name = symbol.name().getBytes(StandardCharsets.UTF_8);
        String version = symbol.version();
        int end = version.indexOf('_');
        if (!Shim.defines(name, new byte[0])) {
            missing.add(symbol.name());
        } else if (end > 0
                && SYSTEM_VERSIONS.contains(version.substring(0, end))
                && !Shim.defines(name, version.getBytes(StandardCharsets.UTF_8))) {
            versions.putIfAbsent(version, symbol.name());
        }
    }

    /** A C++ name as its author wrote it; other names stay. */
    static String demangled(String symbol) {
        byte[] text = Shim.demangle(symbol.getBytes(StandardCharsets.UTF_8));
        return text == null ? symbol : new String(text, StandardCharsets.UTF_8);
    }
}
