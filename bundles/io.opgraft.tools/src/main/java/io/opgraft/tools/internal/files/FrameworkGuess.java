package io.opgraft.tools.internal.files;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Which framework a library is for, if nobody says so. */
public final class FrameworkGuess {
    /** What is taken for a file that tells nothing. */
    public static final String DEFAULT = "tensorflow";

    private static final String TENSORRT = "tensorrt";
    private static final Set<String> ENTRY_POINTS = Set.of("getCreators", "setLoggerFinder");
    private static final String LIBRARY = "libnvinfer";
    private static final String REGISTRY = "getPluginRegistry";

    private FrameworkGuess() {}

    /**
     * Looks at a file.
     *
     * @param file any file
     * @return {@code tensorrt} for a library that TensorRT can take plugins from or that needs TensorRT, else the default
     */
    public static String of(Path file) {
        try {
            if (!Files.isRegularFile(file) || !ElfFile.isElf(file)) {
                return DEFAULT;
            }
            ElfFile elf = ElfFile.read(file);
            boolean plugins = elf.definedAmong(ENTRY_POINTS).equals(ENTRY_POINTS)
                    || elf.needed().stream().anyMatch(name -> name.startsWith(LIBRARY))
                    || elf.undefinedSymbols().stream()
                            .anyMatch(symbol -> symbol.name().equals(REGISTRY));
            return plugins ? TENSORRT : DEFAULT;
        } catch (ElfException | IOException e) {
            // Whoever judges the file says what is wrong with it.
            return DEFAULT;
        }
    }
}
