package io.opgraft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** One thread that drives all connections of a load. */
final class LoadLoop implements AutoCloseable {
    private static final int SCRATCH = 1 << 18;

    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final int connections;
    private final LoadConnection.Listener listener;
    private final Runnable broken;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Set<LoadConnection> all = new HashSet<>();
    private final Thread thread = new Thread(this::loop, "load");
    private volatile boolean ended;

    /**
     * Makes it; {@link #start} connects.
     *
     * @param listener told each answer; sends the next request
     * @param broken told that a connection broke, which is then replaced; null if that must not happen
     */
    LoadLoop(
            InetSocketAddress address,
            ByteBuffer request,
            int connections,
            LoadConnection.Listener listener,
            Runnable broken) {
        this.address = address;
        this.request = request;
        this.connections = connections;
        this.listener = listener;
        this.broken = broken;
    }

    LoadLoop start() {
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        return this;
    }

    /** Waits for a while; less if it broke off. */
    void await(double seconds) throws InterruptedException {
        thread.join(Math.max(1, Math.round(seconds * 1000)));
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    private void loop() {
        try (Selector selector = Selector.open()) {
            ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
            while (!ended) {
                while (all.size() < connections) {
                    LoadConnection connection = new LoadConnection(address, request, listener);
                    all.add(connection);
                    connection.begin(selector);
                }
                selector.select(key -> proceed((LoadConnection) key.attachment(), scratch), 100);
            }
            for (LoadConnection connection : all) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void proceed(LoadConnection connection, ByteBuffer scratch) {
        try {
            connection.proceed(scratch);
        } catch (IOException e) {
            if (broken == null) {
                throw new UncheckedIOException(e);
            }
            broken.run();
            all.remove(connection);
            connection.abandon();
        }
    }

    /** Ends it; an exception if it broke off before. */
    @Override
    public void close() throws IOException {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new IOException("the load on " + address + " broke off", failure.get());
        }
    }
}
