package io.opgraft.ops.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ahead what the bundles of the last run will ask for, so that the thread of the framework that starts them one by
 * one need not wait for the disk. Whoever asks earlier reads for himself.
 */
final class Prefetch {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetch.class);

    /** Reads one copy. */
    interface Reader {
        StoredFolder read(String digest) throws IOException;
    }

    private final Map<String, StoredFolder> folders = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private boolean over;

    /**
     * Begins.
     *
     * @param digests the copies, in the order in which they will be asked for
     */
    void start(List<String> digests, Reader reader) {
        Thread thread = new Thread(() -> read(digests, reader), "opgraft-prefetch");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(List<String> digests, Reader reader) {
        try {
            for (String digest : digests) {
                if (isWanted(digest)) {
                    keep(digest, reader.read(digest));
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("Copies cannot be read ahead", e);
        }
    }

    private synchronized boolean isWanted(String digest) {
        return !over && !asked.contains(digest);
    }

    /** What comes after its first asker is dropped: the next one wants to know how the copy is by then. */
    private synchronized void keep(String digest, StoredFolder folder) {
        if (folder != null && isWanted(digest)) {
            folders.put(digest, folder);
        }
    }

    /** What was read, for the first who asks; null if it was not. */
    synchronized StoredFolder take(String digest) {
        asked.add(digest);
        return folders.remove(digest);
    }

    /** Forgets what nobody asked for. */
    synchronized void end() {
        over = true;
        folders.clear();
    }
}
