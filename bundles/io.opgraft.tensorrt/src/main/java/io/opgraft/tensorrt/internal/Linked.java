package io.opgraft.tensorrt.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfSymbol;
import io.opgraft.elf.SystemFolders;
import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the dynamic loader brings in with a plugin library, and what nobody offers. */
final class Linked {
    /** The server's own; with versions, since another one is a finding. */
    static final Set<String> SERVER = Set.of(TensorRtFiles.NVINFER, TensorRtFiles.CUDART, Linked.DRIVER);

    static final String DRIVER = "libcuda.so.1";

    private static final Pattern DRIVER_FUNCTION = Pattern.compile("cu[A-Z]\\w*");

    /** What every TensorRT 10 defines; enough to judge where it is not installed. */
    private static final Set<String> NVINFER_SYMBOLS = Set.of(
            "createInferBuilder_INTERNAL",
            "createInferRefitter_INTERNAL",
            "createInferRuntime_INTERNAL",
            "getBuilderPluginRegistry",
            "getBuilderSafePluginRegistry",
            "getInferLibBuildVersion",
            "getInferLibMajorVersion",
            "getInferLibMinorVersion",
            "getInferLibPatchVersion",
            "getInferLibVersion",
            "getLogger",
            "getPluginRegistry");

    private final Map<Path, ElfFile> own = new LinkedHashMap<>();
    private final Map<String, Path> system = new TreeMap<>();
    private final Map<String, String> absent = new TreeMap<>();
    private final Set<String> needed = new HashSet<>();

    private Linked() {}

    static Linked read(LibraryFiles files) throws ElfException, IOException {
        Map<String, Path> names = names(files.folder());
        Linked linked = new Linked();
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
                linked.needed.add(name);
                if (names.containsKey(name)) {
                    waiting.add(names.get(name));
                } else if (!SERVER.contains(name)) {
                    linked.findInSystem(name, file);
                }
            }
        }
        return linked;
    }

    private static Map<String, Path> names(Path folder) throws IOException {
        Map<String, Path> names = new HashMap<>();
        try (var walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                if (ElfFile.isElf(file)) {
                    names.put(String.valueOf(file.getFileName()), file);
                }
            }
        }
        return names;
    }

    private void findInSystem(String name, Path file) {
        Path found = SystemFolders.find(name);
        if (found == null) {
            absent.putIfAbsent(name, String.valueOf(file.getFileName()));
        } else {
            system.put(name, found);
        }
    }

    /** The library, what is loaded before it, and their helpers. */
    Map<Path, ElfFile> own() {
        return own;
    }

    /** Names that are needed and found nowhere, with the file that needs them. */
    Map<String, String> absent() {
        return absent;
    }

    boolean needs(String name) {
        return needed.contains(name);
    }

    /**
     * Symbols that nobody defines.
     *
     * @param server libraries of the server that are here
     */
    Set<String> missing(Set<Path> server) throws IOException {
        Set<String> missing = new TreeSet<>();
        own.values()
                .forEach(elf ->
                        elf.undefinedSymbols().stream().map(ElfSymbol::name).forEach(missing::add));
        for (ElfFile elf : own.values()) {
            missing.removeAll(elf.definedAmong(missing));
        }
        if (needs(TensorRtFiles.NVINFER)) {
            missing.removeAll(NVINFER_SYMBOLS);
        }
        if (needs(DRIVER)) {
            missing.removeIf(name -> DRIVER_FUNCTION.matcher(name).matches());
        }
        Deque<Path> waiting = new ArrayDeque<>(system.values());
        waiting.addAll(server);
        Set<Path> seen = new HashSet<>();
        while (!waiting.isEmpty() && !missing.isEmpty()) {
            Path file = waiting.remove();
            if (seen.add(file.toRealPath())) {
                removeDefined(file, missing, waiting);
            }
        }
        return missing;
    }

    private static void removeDefined(Path file, Set<String> missing, Deque<Path> waiting) throws IOException {
        try {
            ElfFile elf = ElfFile.read(file);
            missing.removeAll(elf.definedAmong(missing));
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
}
