package io.opgraft.ops.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces new folders to the disk on a thread of its own when no more of them come, so that whoever starts bundles does
 * not wait for the disk. The thread ends when there is nothing to do. Safe for use by many threads.
 */
final class LateForce implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LateForce.class);
    private static final long PAUSE_MILLIS = 1000;
    private static final int PAUSES = 30;

    private final Disk disk;
    private final long pauseMillis;
    private final Set<Path> waiting = new LinkedHashSet<>();
    private Thread thread;
    private boolean closed;

    /** What is done. */
    interface Disk {
        /**
         * Forces one folder.
         *
         * @param all with all that it holds
         */
        void force(Path folder, boolean all) throws IOException;
    }

    LateForce() {
        this(
                (folder, all) -> {
                    if (all) {
                        Durable.forceTree(folder);
                    } else {
                        Durable.force(folder);
                    }
                },
                PAUSE_MILLIS);
    }

    LateForce(Disk disk, long pauseMillis) {
        this.disk = disk;
        this.pauseMillis = pauseMillis;
    }

    /** A folder that is not written to any more. */
    synchronized void add(Path folder) {
        if (closed) {
            return;
        }
        waiting.add(folder);
        if (thread == null) {
            thread = new Thread(this::work, "opgraft-disk");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void work() {
        for (List<Path> some = next(); !some.isEmpty(); some = next()) {
            Set<Path> parents = new LinkedHashSet<>();
            for (Path folder : some) {
                if (isClosed()) {
                    return;
                }
                force(folder, true);
                parents.add(folder.getParent());
                parents.add(folder.getParent().getParent());
            }
            parents.forEach(parent -> force(parent, false));
        }
    }

    /** What is to be done next; empty ends the thread. */
    private synchronized List<Path> next() {
        try {
            int before = 0;
            for (int i = 0; i < PAUSES && waiting.size() > before && !closed; i++) {
                before = waiting.size();
                wait(pauseMillis);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        List<Path> some = closed ? List.of() : new ArrayList<>(waiting);
        waiting.clear();
        if (some.isEmpty()) {
            thread = null;
        }
        return some;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void force(Path folder, boolean all) {
        try {
            disk.force(folder, all);
        } catch (IOException | UncheckedIOException e) {
            // Removed meanwhile, or a disk that fails, which those who read it notice.
            LOG.debug("{} cannot be forced to the disk", folder, e);
        }
    }

    /** Waits for the thread, if there is one. */
    void join() throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.join();
        }
    }

    /** Ends without waiting; what is left is the system's to write. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
        notifyAll();
    }
}
