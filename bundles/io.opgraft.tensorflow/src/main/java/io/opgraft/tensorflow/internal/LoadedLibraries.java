package io.opgraft.tensorflow.internal;

import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libraries that were loaded, with the memory that they take. Safe for use by many threads. */
final class LoadedLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedLibraries.class);

    /** The system walks all memory of the process to count it: milliseconds at first, a second with 10,000 libraries. */
    private static final long COUNT_AGAIN_NANOS = 2_000_000_000L;
    /** So that whoever asks all the time does not keep a processor busy. */
    private static final int PAUSE = 20;

    private static final long PAGE = 4096;

    private record Entry(OpLibraryCopy copy, Set<Path> files) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> digests = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> zeros = new HashMap<>();
    private Map<String, Long> sizes = Map.of();
    private int counted;
    private long countedAt;
    private long countTook;

    synchronized void add(OpLibraryCopy copy, Set<Path> files) {
        entries.add(new Entry(copy, Set.copyOf(files)));
        files.forEach(file -> zeros.put(file.toString(), zeros(file)));
        digests.add(copy.digest());
    }

    boolean contains(String digest) {
        return digests.contains(digest);
    }

    /** In the order of loading. Sizes may be some seconds old; before its first count a library has the size of its files. */
    synchronized List<LoadedLibrary> list() {
        long now = System.nanoTime();
        long old = now - countedAt;
        boolean due = counted != entries.size() || old >= COUNT_AGAIN_NANOS;
        if (due && (counted == 0 || old >= PAUSE * countTook)) {
            sizes = sizes();
            counted = entries.size();
            countedAt = System.nanoTime();
            countTook = countedAt - now;
        }
        List<LoadedLibrary> list = new ArrayList<>();
        for (Entry entry : entries) {
            list.add(measured(entry, list.size() < counted));
        }
        return list;
    }

    /** Memory of whole pages that a library has behind what its file holds. */
    private static long zeros(Path file) {
        long bytes = 0;
        try {
            for (ElfSegment segment : ElfFile.read(file).segments()) {
                bytes +=
                        pages(segment.address() + segment.memorySize()) - pages(segment.address() + segment.fileSize());
            }
        } catch (ElfException | IOException e) {
            LOG.debug("{} cannot be read again: {}", file, e.getMessage());
        }
        return bytes;
    }

    private static long pages(long address) {
        return (address + PAGE - 1) / PAGE * PAGE;
    }

    private Map<String, Long> sizes() {
        try {
            return PrivateMemory.byFile(zeros);
        } catch (IOException e) {
            LOG.debug("The memory of op libraries cannot be counted: {}", e.getMessage());
            return Map.of();
        }
    }

    private LoadedLibrary measured(Entry entry, boolean isCounted) {
        long bytes = 0;
        for (Path file : entry.files()) {
            bytes += isCounted
                    ? sizes.getOrDefault(file.toString(), 0L)
                    : file.toFile().length();
        }
        OpLibraryCopy copy = entry.copy();
        return new LoadedLibrary(copy.digest(), copy.label(), copy.library(), bytes);
    }
}
