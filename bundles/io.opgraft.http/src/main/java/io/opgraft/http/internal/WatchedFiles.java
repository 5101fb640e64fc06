package io.opgraft.http.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Tells when files have changed: once for each change, and only when they have been still for a while, so that files
 * that are written one after the other are read together. Links are followed, so a folder that is switched counts.
 */
final class WatchedFiles implements AutoCloseable {
    private static final long EVERY_MILLIS = 500;

    private final List<Path> files;
    private final Runnable changed;
    private final Scheduler scheduler;
    private String told;
    private String last;
    private Scheduler.Task next;
    private boolean closed;

    WatchedFiles(List<Path> files, Scheduler scheduler, Runnable changed) {
        this.files = files;
        this.changed = changed;
        this.scheduler = scheduler;
        told = state();
        last = told;
        later();
    }

    private synchronized void later() {
        if (!closed) {
            next = scheduler.schedule(this::look, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        String now = state();
        if (now.equals(last) && !now.equals(told)) {
            told = now;
            changed.run();
        }
        last = now;
        later();
    }

    private String state() {
        StringBuilder state = new StringBuilder();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                state.append(attributes.fileKey())
                        .append(attributes.lastModifiedTime())
                        .append(' ')
                        .append(attributes.size());
            } catch (IOException e) {
                state.append('-');
            }
            state.append('\n');
        }
        return state.toString();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
