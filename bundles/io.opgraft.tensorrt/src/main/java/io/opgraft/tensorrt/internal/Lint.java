package io.opgraft.tensorrt.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfSymbol;
import io.opgraft.elf.SystemFolders;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What TensorRT finds of a plugin library from its files. */
final class Lint {
    static final String ENTRY_POINTS = "entry points";
    static final String STATIC_REGISTRATION = "process-wide registrations";
    static final String MISSING_LIBRARIES = "missing libraries";
    static final String MISSING_SYMBOLS = "missing symbols";
    static final String ANOTHER_VERSION = "built for";

    private static final Set<String> REGISTRIES = Set.of("getPluginRegistry", "getBuilderPluginRegistry");
    private static final List<String> POINTS = List.of("getCreators", "setLoggerFinder");
    private static final int SHOWN = 5;

    private final LibraryFiles files;
    private final Linked linked;
    private final List<Finding> findings = new ArrayList<>();

    private Lint(LibraryFiles files, Linked linked) {
        this.files = files;
        this.linked = linked;
    }

    /**
     * Judges a library.
     *
     * @param files repaired or not
     * @param server libraries of TensorRT and CUDA that are here
     */
    static List<Finding> of(LibraryFiles files, Set<Path> server) throws IOException {
        try {
            Lint lint = new Lint(files, Linked.read(files));
            lint.entryPoints();
            lint.staticRegistration();
            lint.libraries(server);
            lint.symbols(server);
            return List.copyOf(lint.findings);
        } catch (ElfException e) {
            return List.of(new Finding(
                    Verdict.REFUSED,
                    "damaged file",
                    String.valueOf(files.library().getFileName()),
                    "it cannot be read: " + e.getMessage(),
                    "build it again"));
        }
    }

    private void refuse(String topic, Path file, String message, String remedy) {
        findings.add(new Finding(Verdict.REFUSED, topic, String.valueOf(file.getFileName()), message, remedy));
    }

    private void entryPoints() {
        for (Path library : files.libraries()) {
            Set<String> defined = linked.own().get(library).definedAmong(new HashSet<>(POINTS));
            List<String> lacks =
                    POINTS.stream().filter(point -> !defined.contains(point)).toList();
            if (!lacks.isEmpty()) {
                refuse(
                        ENTRY_POINTS,
                        library,
                        "it does not export " + String.join(" and ", lacks)
                                + ", by which TensorRT takes plugins from a library",
                        "export extern \"C\" getCreators(int32_t&) and setLoggerFinder(ILoggerFinder*)");
            }
        }
    }

    /** Only the process's own registry is reached by such a call, so whoever makes it leaves the model's. */
    private void staticRegistration() {
        for (Map.Entry<Path, ElfFile> file : linked.own().entrySet()) {
            for (ElfSymbol symbol : file.getValue().undefinedSymbols()) {
                if (REGISTRIES.contains(symbol.name())) {
                    refuse(
                            STATIC_REGISTRATION,
                            file.getKey(),
                            "it registers plugins for the whole process (it calls " + symbol.name()
                                    + "), where a second library of the same name is dropped in silence",
                            "leave out REGISTER_TENSORRT_PLUGIN and give the creators by getCreators");
                }
            }
        }
    }

    private void libraries(Set<Path> server) {
        Map<String, String> absent = new java.util.TreeMap<>(linked.absent());
        boolean cudart = server.stream().anyMatch(file -> file.endsWith(TensorRtFiles.CUDART))
                || SystemFolders.find(TensorRtFiles.CUDART) != null;
        if (linked.needs(TensorRtFiles.CUDART) && !cudart) {
            absent.put(TensorRtFiles.CUDART, name());
        }
        List<String> others = absent.keySet().stream()
                .filter(name -> name.startsWith("libnvinfer.so."))
                .toList();
        if (!others.isEmpty()) {
            absent.keySet().removeAll(others);
            refuse(
                    ANOTHER_VERSION,
                    files.library(),
                    "it is built for another TensorRT (" + String.join(", ", others) + "), and this server runs "
                            + TensorRtFiles.NVINFER,
                    "build it for TensorRT 10");
        }
        if (!absent.isEmpty()) {
            refuse(
                    MISSING_LIBRARIES,
                    files.library(),
                    "it needs "
                            + absent.entrySet().stream()
                                    .map(e -> e.getValue().equals(name())
                                            ? e.getKey()
                                            : e.getKey() + " (for " + e.getValue() + ")")
                                    .collect(Collectors.joining(", "))
                            + ", neither in its bundle nor a library of this machine",
                    "put it into the bundle beside the library or install it on the machine");
        }
    }

    private void symbols(Set<Path> server) throws IOException {
        if (findings.stream().anyMatch(finding -> finding.topic().equals(MISSING_LIBRARIES))) {
            return;
        }
        List<String> missing = List.copyOf(linked.missing(server));
        if (!missing.isEmpty()) {
            refuse(
                    MISSING_SYMBOLS,
                    files.library(),
                    "nobody defines "
                            + String.join(", ", missing.subList(0, Math.min(SHOWN, missing.size())))
                            + (missing.size() > SHOWN ? " and " + (missing.size() - SHOWN) + " more" : "")
                            + ", neither TensorRT and CUDA nor its own files and libraries of this machine",
                    "link it with what defines them");
        }
    }

    private String name() {
        return String.valueOf(files.library().getFileName());
    }
}
