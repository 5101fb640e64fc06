package io.opgraft.tensorflow.internal;

import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.OpLibraryCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libraries that were loaded, with the memory that they take. Safe for use by many threads. */
final class LoadedLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedLibraries.class);

    /** The system walks all memory of the process to count it, which takes some milliseconds. */
    private static final long COUNT_AGAIN_NANOS = 2_000_000_000L;

    private record Entry(OpLibraryCopy copy, Set<Path> files) {}

    private final List<Entry> entries = new ArrayList<>();
    private List<LoadedLibrary> counted = List.of();
    private long countedAt;

    synchronized void add(OpLibraryCopy copy, Set<Path> files) {
        entries.add(new Entry(copy, Set.copyOf(files)));
    }

    /** In the order of loading; sizes may be two seconds old. */
    synchronized List<LoadedLibrary> list() {
        boolean fresh = System.nanoTime() - countedAt < COUNT_AGAIN_NANOS;
        if (counted.size() != entries.size() || !fresh) {
            Map<String, Long> sizes = sizes();
            counted = entries.stream().map(entry -> measured(entry, sizes)).toList();
            countedAt = System.nanoTime();
        }
        return counted;
    }

    private static Map<String, Long> sizes() {
        try {
            return PrivateMemory.byFile();
        } catch (IOException e) {
            LOG.debug("The memory of op libraries cannot be counted: {}", e.getMessage());
            return Map.of();
        }
    }

    private static LoadedLibrary measured(Entry entry, Map<String, Long> sizes) {
        long bytes = 0;
        for (Path file : entry.files()) {
            bytes += sizes.getOrDefault(file.toString(), 0L);
        }
        OpLibraryCopy copy = entry.copy();
        return new LoadedLibrary(copy.digest(), copy.label(), copy.library(), bytes);
    }
}
