package io.opgraft.http.internal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each request that was answered, broken ones included. A thread of its own writes; where the disk is
 * slower than the clients, lines are left out and counted, and no request waits.
 */
final class AccessLog implements RequestLog, AutoCloseable {
    /** Configured instead of a file: the error stream of the process, as the server's own log. */
    static final String STDERR = "-";

    /** Attribute of a request with its {@link RequestNotes}. */
    static final String NOTES = RequestNotes.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int LINES = 8192;
    private static final long LOOK_SECONDS = 1;
    private static final long CLOSE_MILLIS = 2000;

    private final Path file;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES);
    private final AtomicLong missing = new AtomicLong();
    private final Thread writer = new Thread(this::write, "opgraft-access-log");
    private OutputStream out;
    private Object identity;
    private boolean broken;
    private long looked = System.nanoTime();
    private volatile boolean closed;

    /**
     * Opens the log.
     *
     * @param where a file that lines are appended to, or {@link #STDERR}
     * @throws HttpStartException if it cannot be written
     */
    AccessLog(String where) throws HttpStartException {
        file = where.equals(STDERR) ? null : Path.of(where);
        try {
            open();
        } catch (IOException e) {
            throw new HttpStartException("the access log " + file + " cannot be written: " + e, e);
        }
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void log(Request request, Response response) {
        if (!lines.offer(AccessLine.of(request, response, (RequestNotes) request.getAttribute(NOTES)))) {
            missing.incrementAndGet();
        }
    }

    private void open() throws IOException {
        if (file == null) {
            out = new FilterOutputStream(System.err) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    super.out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    flush();
                }
            };
        } else {
            out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            identity = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        }
    }

    private void write() {
        try {
            while (!closed || !lines.isEmpty()) {
                String line = lines.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                if (line != null) {
                    write(line);
                } else {
                    followRotation();
                }
            }
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The access log {} could not be closed: {}", file, e.toString());
        }
    }

    /** Writes a line and those that wait behind it in one piece. */
    private void write(String first) {
        StringBuilder text = new StringBuilder(first);
        for (int i = 0; i < 100; i++) {
            String line = lines.poll();
            if (line == null) {
                break;
            }
            text.append(line);
        }
        long left = missing.getAndSet(0);
        if (left > 0) {
            text.append(AccessLine.missing(left));
        }
        try {
            followRotation();
            out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            broken = false;
        } catch (IOException e) {
            complain(e);
        }
    }

    /** A file that was moved away or deleted gets a successor under the old name. */
    private void followRotation() {
        long now = System.nanoTime();
        if (file == null || now - looked < TimeUnit.SECONDS.toNanos(LOOK_SECONDS)) {
            return;
        }
        looked = now;
        try {
            if (Files.exists(file)
                    && Files.readAttributes(file, BasicFileAttributes.class)
                            .fileKey()
                            .equals(identity)) {
                return;
            }
            OutputStream before = out;
            open();
            before.close();
        } catch (IOException e) {
            complain(e);
        }
    }

    private void complain(IOException e) {
        if (!broken) {
            LOG.error("The access log {} cannot be written: {}", file == null ? "on stderr" : file, e.toString());
        }
        broken = true;
    }

    /** Writes what is left. */
    @Override
    public void close() {
        closed = true;
        // Wakes the writer; a queue that is full has no need of it.
        boolean unused = lines.offer("");
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
