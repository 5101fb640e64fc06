package io.opgraft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps a server busy over a number of connections, all from one thread, and counts. */
final class Load {
    private static final int SCRATCH = 1 << 18;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final int connections;

    private volatile boolean counting;
    private volatile boolean ended;
    private long[] nanos = new long[1 << 16];
    // Written by the thread of the load only.
    private final AtomicInteger counted = new AtomicInteger();

    Load(InetSocketAddress address, ByteBuffer request, int connections) {
        this.address = address;
        this.request = request;
        this.connections = connections;
    }

    /**
     * What one run showed.
     *
     * @param rate answers per second
     * @param cpuMicros processor time of the server for each answer; NaN if its process is not known
     * @param p50Micros median of the times from sending to the last byte
     * @param p99Micros their 99th percentile
     */
    record Result(double rate, double cpuMicros, double p50Micros, double p99Micros) {}

    /** A figure of a server that grows: its processor time in seconds, or bytes that it allocated. */
    @FunctionalInterface
    interface Gauge {
        double read() throws IOException;
    }

    /**
     * Runs it.
     *
     * @param warm seconds that do not count
     * @param seconds seconds that count; more if there is no answer within them, at most a minute
     * @param cpu processor seconds of the server
     */
    Result run(double warm, double seconds, Gauge cpu) throws IOException, InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(this::loop, "load");
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        double took;
        double used;
        try {
            thread.join(millis(warm));
            double cpuBefore = cpu.read();
            long before = System.nanoTime();
            counting = true;
            thread.join(millis(seconds));
            while (counted.get() == 0 && thread.isAlive() && System.nanoTime() - before < PATIENCE_NANOS) {
                thread.join(10);
            }
            counting = false;
            took = (System.nanoTime() - before) / 1e9;
            used = cpu.read() - cpuBefore;
        } finally {
            ended = true;
            thread.join();
        }
        if (failure.get() != null) {
            throw new IOException("the load on " + address + " broke off", failure.get());
        }
        int count = counted.get();
        if (count == 0) {
            throw new IOException(address + " gave no answer within a minute");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return new Result(
                count / took, used / count * 1e6, sorted[count / 2] / 1e3, sorted[(int) (count * 0.99)] / 1e3);
    }

    private static long millis(double seconds) {
        return Math.max(1, Math.round(seconds * 1000));
    }

    private void loop() {
        List<LoadConnection> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                all.add(new LoadConnection(address, request, this::answered));
            }
            for (LoadConnection connection : all) {
                connection.begin(selector);
            }
            ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
            while (!ended) {
                selector.select(
                        key -> {
                            try {
                                ((LoadConnection) key.attachment()).proceed(scratch);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        100);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close(all);
        }
    }

    private static void close(List<LoadConnection> all) {
        for (LoadConnection connection : all) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void answered(long took) {
        if (!counting) {
            return;
        }
        int count = counted.get();
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count] = took;
        counted.set(count + 1);
    }
}
