package io.opgraft.tensorrt.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfSymbol;
import io.opgraft.elf.NeededLibraries;
import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the dynamic loader brings in with a plugin library, and what nobody offers. */
final class Linked {
    private static final String DRIVER = "libcuda.so.1";

    /** The server's own; with versions, since another one is a finding. */
    private static final Set<String> SERVER = Set.of(TensorRtFiles.NVINFER, TensorRtFiles.CUDART, DRIVER);

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

    private final NeededLibraries needed;

    private Linked(NeededLibraries needed) {
        this.needed = needed;
    }

    static Linked read(LibraryFiles files) throws ElfException, IOException {
        return new Linked(NeededLibraries.of(files.folder(), files.libraries(), SERVER));
    }

    /** The library, what is loaded before it, and their helpers. */
    Map<Path, ElfFile> own() {
        return needed.own();
    }

    /** Names that are needed and found nowhere, with the file that needs them. */
    Map<String, String> absent() {
        return needed.absent();
    }

    boolean needs(String name) {
        return needed.needs(name);
    }

    /**
     * Symbols that nobody defines.
     *
     * @param server libraries of the server that are here
     */
    Set<String> missing(Set<Path> server) throws IOException {
        Set<String> missing = new TreeSet<>();
        own().values()
                .forEach(elf ->
                        elf.undefinedSymbols().stream().map(ElfSymbol::name).forEach(missing::add));
        for (ElfFile elf : own().values()) {
            missing.removeAll(elf.definedAmong(missing));
        }
        if (needs(TensorRtFiles.NVINFER)) {
            missing.removeAll(NVINFER_SYMBOLS);
        }
        if (needs(DRIVER)) {
            missing.removeIf(name -> DRIVER_FUNCTION.matcher(name).matches());
        }
        missing.removeAll(needed.definedBySystem(missing, server));
        return missing;
    }
}
