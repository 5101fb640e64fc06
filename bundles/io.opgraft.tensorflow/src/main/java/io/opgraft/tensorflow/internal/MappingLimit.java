package io.opgraft.tensorflow.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the process away from the number of memory mappings that the system allows it: past that, new threads and memory
 * fail wherever they are asked for. A library takes about five, for the life of the process. For one thread at a time.
 */
final class MappingLimit {
    /** What one file may take at most, as far as the time of the next count is concerned. */
    private static final int LARGEST_FILE = 32;

    private static final int PERCENT = 90;

    private final Path mappings;
    private final Path limit;
    private long room;

    MappingLimit() {
        this(Path.of("/proc/self/maps"), Path.of("/proc/sys/vm/max_map_count"));
    }

    /** The same for other files of that form. */
    MappingLimit(Path mappings, Path limit) {
        this.mappings = mappings;
        this.limit = limit;
    }

    /** Why so many more files cannot be loaded; null if they can. Counts only when the room that was seen last is used up. */
    String refusal(int files) {
        room -= (long) files * LARGEST_FILE;
        if (room > 0) {
            return null;
        }
        try {
            long allowed = allowed();
            long used = count();
            room = allowed * PERCENT / 100 - used;
            return room > 0
                    ? null
                    : "this process has " + used + " memory mappings, each loaded library takes some until it ends, and"
                            + " the system allows it " + allowed
                            + "; restart the server, or raise vm.max_map_count with sysctl";
        } catch (IOException | NumberFormatException e) {
            // Not to be known here: then loading decides.
            return null;
        }
    }

    private long allowed() throws IOException {
        try (InputStream in = Files.newInputStream(limit)) {
            // In one go: the system gives the whole number to the first read and nothing to the next.
            return Long.parseLong(new String(in.readNBytes(32), StandardCharsets.US_ASCII).strip());
        }
    }

    private long count() throws IOException {
        long lines = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(mappings), 1 << 16)) {
            for (int c = in.read(); c >= 0; c = in.read()) {
                lines += c == '\n' ? 1 : 0;
            }
        }
        return lines;
    }
}
