package io.opgraft.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Requests at a fixed rate, whether earlier ones are answered or not: each takes an idle connection or a new one. Runs in the
 * thread that calls it.
 */
final class OpenLoad {
    private static final int MOST_CONNECTIONS = 3000;
    private static final int SCRATCH = 1 << 16;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final double rate;
    private final Deque<LoadConnection> idle = new ArrayDeque<>();
    private final List<LoadConnection> all = new ArrayList<>();
    private final List<Double> refusedMillis = new ArrayList<>();
    private int connections;
    private int waiting;
    private int served;
    private int withoutRetryAfter;
    private int failed;
    private int missed;
    private boolean counting;

    OpenLoad(InetSocketAddress address, ByteBuffer request, double rate) {
        this.address = address;
        this.request = request;
        this.rate = rate;
    }

    /**
     * What came back.
     *
     * @param goodput answers of status 200 per second, while requests were sent
     * @param offered requests sent per second
     * @param refusedMillis of the requests that were refused
     * @param withoutRetryAfter refusals that do not say when to come back
     * @param failed broken connections and answers that are neither
     * @param drainSeconds from the last request until all were answered
     */
    record Result(
            double goodput,
            double offered,
            List<Double> refusedMillis,
            int withoutRetryAfter,
            int failed,
            double drainSeconds) {}

    /** Sends for a while; answers of the first seconds do not count. Then waits for all answers. */
    Result run(double warm, double seconds, Runnable sent) throws IOException {
        try (Selector selector = Selector.open()) {
            ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
            long begin = System.nanoTime();
            long requests = 0;
            long before = 0;
            while (System.nanoTime() - begin < (warm + seconds) * 1e9) {
                double elapsed = (System.nanoTime() - begin) / 1e9;
                if (!counting && elapsed >= warm) {
                    counting = true;
                    before = requests - missed;
                }
                for (; requests < elapsed * rate; requests++) {
                    sendOne(selector);
                }
                selector.select(key -> proceed((LoadConnection) key.attachment(), scratch), 1);
            }
            counting = false;
            double offered = (requests - missed - before) / seconds;
            double goodput = served / seconds;
            sent.run();
            long end = System.nanoTime();
            while (waiting > 0 && System.nanoTime() - end < PATIENCE_NANOS) {
                selector.select(key -> proceed((LoadConnection) key.attachment(), scratch), 10);
            }
            double drain = (System.nanoTime() - end) / 1e9;
            return new Result(goodput, offered, List.copyOf(refusedMillis), withoutRetryAfter, failed + waiting, drain);
        } finally {
            all.forEach(LoadConnection::abandon);
        }
    }

    private void sendOne(Selector selector) throws IOException {
        LoadConnection free = idle.poll();
        if (free != null) {
            waiting++;
            free.send();
        } else if (connections < MOST_CONNECTIONS) {
            connections++;
            waiting++;
            LoadConnection connection = new LoadConnection(address, request, this::answered);
            all.add(connection);
            connection.begin(selector);
        } else {
            missed++;
        }
    }

    private void answered(LoadConnection connection, long nanos) {
        waiting--;
        idle.push(connection);
        int status = connection.status();
        if (status != 200 && status != 503) {
            failed++;
        } else if (status == 503 && connection.field("Retry-After").isEmpty()) {
            withoutRetryAfter++;
        }
        if (!counting) {
            return;
        }
        if (status == 200) {
            served++;
        } else {
            refusedMillis.add(nanos / 1e6);
        }
    }

    private void proceed(LoadConnection connection, ByteBuffer scratch) {
        try {
            connection.proceed(scratch);
        } catch (IOException e) {
            connections--;
            if (!idle.remove(connection)) {
                waiting--;
                failed++;
            }
            connection.abandon();
        }
    }
}
