package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Memory that this process has for itself of the files that it has mapped. */
final class MappedMemory {
    private static final Logger LOG = LoggerFactory.getLogger(MappedMemory.class);
    private static final Path MAPS = Path.of("/proc/self/smaps");

    private MappedMemory() {}

    /** Private bytes by file; empty if the system does not tell. */
    static Map<String, Long> byFile() {
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return byFile(lines);
        } catch (IOException e) {
            LOG.debug("The memory of plugin libraries cannot be counted: {}", e.getMessage());
            return Map.of();
        }
    }

    static Map<String, Long> byFile(Stream<String> lines) {
        Map<String, Long> bytes = new HashMap<>();
        String[] file = {""};
        lines.forEach(line -> {
            if (line.startsWith("Private_")) {
                String[] words = line.split("\\s+", -1);
                if (!file[0].isEmpty()) {
                    bytes.merge(file[0], Long.parseLong(words[1]) << 10, Long::sum);
                }
            } else if (line.indexOf('-') > 0 && line.indexOf('-') < line.indexOf(' ')) {
                int slash = line.indexOf('/');
                file[0] = slash < 0 ? "" : line.substring(slash);
            }
        });
        return bytes;
    }
}
