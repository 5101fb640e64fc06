package io.opgraft.ops.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    private final Map<String, StoredFolder> folders = new ConcurrentHashMap<>();
    private volatile boolean over;

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
                StoredFolder folder = over ? null : reader.read(digest);
                if (folder != null) {
                    folders.put(digest, folder);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("Copies cannot be read ahead", e);
        }
    }

    /** What was read, for the first who asks; null if it was not. */
    StoredFolder take(String digest) {
        return folders.remove(digest);
    }

    /** Forgets what nobody asked for. */
    void end() {
        over = true;
        folders.clear();
    }
}
