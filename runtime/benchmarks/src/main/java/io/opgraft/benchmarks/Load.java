package io.opgraft.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps a server busy over a number of connections, all from one thread, and counts. */
final class Load {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final int connections;

    private volatile boolean counting;
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
        double took;
        double used;
        counted.set(0);
        try (LoadLoop loop = new LoadLoop(address, request, connections, this::answered, null).start()) {
            loop.await(warm);
            double cpuBefore = cpu.read();
            long before = System.nanoTime();
            counting = true;
            loop.await(seconds);
            while (counted.get() == 0 && loop.isRunning() && System.nanoTime() - before < PATIENCE_NANOS) {
                loop.await(0.01);
            }
            counting = false;
            took = (System.nanoTime() - before) / 1e9;
            used = cpu.read() - cpuBefore;
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

    /**
     * Runs it without figures until the server has used so many seconds of its processors, so that its compilers are done
     * also on a busy machine; at most six times as long.
     */
    void warm(double seconds, Gauge cpu) throws IOException, InterruptedException {
        double used = cpu.read();
        long begin = System.nanoTime();
        while (cpu.read() - used < seconds && System.nanoTime() - begin < 6 * seconds * 1e9) {
            run(0, Math.min(1, seconds), cpu);
        }
    }

    private void answered(LoadConnection connection, long took) throws IOException {
        connection.checkOk();
        count(took);
        connection.send();
    }

    private void count(long took) {
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
