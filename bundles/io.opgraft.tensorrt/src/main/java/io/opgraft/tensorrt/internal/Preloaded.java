package io.opgraft.tensorrt.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plugin libraries that the environment puts into the process before anything else. */
final class Preloaded {
    private static final Logger LOG = LoggerFactory.getLogger(Preloaded.class);
    private static final Set<String> OFFERED = Set.of("getCreators", "setLoggerFinder");
    private static final String ASKED = "getPluginRegistry";

    private Preloaded() {}

    /** Those among the files of {@code LD_PRELOAD}; null stands for none. */
    static List<Path> plugins(String variable) {
        List<Path> found = new ArrayList<>();
        for (String name : variable == null ? new String[0] : variable.split("[: ]", -1)) {
            try {
                if (!name.isEmpty() && isPlugin(Path.of(name))) {
                    found.add(Path.of(name));
                }
            } catch (InvalidPathException | ElfException | IOException e) {
                // Not a library that can be read: the system does not load it either.
                LOG.debug("LD_PRELOAD names {}: {}", name, e.getMessage());
            }
        }
        return found;
    }

    private static boolean isPlugin(Path file) throws ElfException, IOException {
        ElfFile elf = ElfFile.read(file);
        return !elf.definedAmong(OFFERED).isEmpty()
                || elf.undefinedSymbols().stream()
                        .anyMatch(symbol -> symbol.name().equals(ASKED));
    }
}
