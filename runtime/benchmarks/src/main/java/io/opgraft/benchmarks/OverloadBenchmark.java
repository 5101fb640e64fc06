package io.opgraft.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Row "overload": five times as many requests as the server can answer, with its default limits. */
final class OverloadBenchmark {
    private static final int CLIENTS = 64;
    private static final double TIMES = 5;
    private static final int CALM_REQUESTS = 50;
    private static final double LONG_SECONDS = 60;

    private final Path home;

    OverloadBenchmark(Path home) {
        this.home = home;
    }

    /** Peak and overload in turn. */
    void run(boolean quick, int pairs, Path work, FigureTable table) throws IOException, InterruptedException {
        Path repository = Files.createDirectories(work.resolve("overload-models"));
        // Its runs take long enough that requests can be sent faster than they are answered.
        new BenchModels(repository).matmul(BenchModels.MATMUL, false);
        ByteBuffer request = InferRequest.binary(BenchModels.MATMUL, BenchModels.shape(BenchModels.MATMUL))
                .wire();
        Samples goodput = new Samples();
        List<Double> refusedMedian = new ArrayList<>();
        List<Double> refusedP99 = new ArrayList<>();
        List<Double> recovery = new ArrayList<>();
        List<Double> health = new ArrayList<>();
        double wrong = 0;
        try (Side ours = Side.ours(home, work.resolve("overload"), repository)) {
            InetSocketAddress address = ours.address();
            new Load(address, request, CLIENTS).warm(quick ? 3 : 10, ours::cpuSeconds);
            for (int pair = 0; pair < pairs; pair++) {
                double calm = slowest(address, request);
                double peak = new Load(address, request, CLIENTS)
                        .run(0.5, quick ? 1 : 4, ours::cpuSeconds)
                        .rate();
                Recovery recovered = new Recovery(address, request, 2 * calm);
                OpenLoad.Result result;
                try (HealthWatch watch = new HealthWatch(address)) {
                    result = new OpenLoad(address, request, TIMES * peak)
                            .run(quick ? 1 : 3, quick ? 2 : 8, recovered::begin);
                    health.add(watch.worstMillis());
                }
                recovery.add(recovered.seconds());
                goodput.add(result.goodput(), peak);
                wrong += result.failed() + result.withoutRetryAfter();
                List<Double> refused = new ArrayList<>(result.refusedMillis());
                if (refused.isEmpty()) {
                    throw new IOException("no request was refused of " + result + " peak " + peak + " calm " + calm);
                }
                Collections.sort(refused);
                refusedMedian.add(refused.get(refused.size() / 2));
                refusedP99.add(refused.get((int) (refused.size() * 0.99)));
            }
        }
        table.add("overload", "goodput at 5 times the peak / peak", "req/s", goodput, Goal.atLeast(0.8));
        table.add("overload", "refusals, median", "ms", refusedMedian, Goal.atMost(5));
        table.add("overload", "refusals, p99", "ms", refusedP99, Goal.atMost(5));
        table.add("overload", "failed, or refused without Retry-After", "", List.of(wrong), Goal.atMost(0));
        table.add("overload", "then until a new client is answered as before", "s", recovery, Goal.atMost(2));
        table.add("overload", "meanwhile longest wait for health", "ms", health, Goal.atMost(100));
    }

    private static double slowest(InetSocketAddress address, ByteBuffer request) throws IOException {
        double worst = 0;
        for (int i = 0; i < CALM_REQUESTS; i++) {
            long before = System.nanoTime();
            LoadConnection.ask(address, request);
            worst = Math.max(worst, (System.nanoTime() - before) / 1e9);
        }
        return worst;
    }

    /** A new client that asks again and again from the end of the overload on, until it is served as before it. */
    private static final class Recovery {
        private final Thread thread;
        private final AtomicReference<Double> seconds = new AtomicReference<>(Double.NaN);

        Recovery(InetSocketAddress address, ByteBuffer request, double limit) {
            ByteBuffer own = request.duplicate();
            thread = new Thread(
                    () -> {
                        long begin = System.nanoTime();
                        while (Double.isNaN(seconds.get()) && System.nanoTime() - begin < LONG_SECONDS * 1e9) {
                            long asked = System.nanoTime();
                            try {
                                LoadConnection.ask(address, own);
                                long now = System.nanoTime();
                                if (now - asked <= limit * 1e9) {
                                    seconds.set((asked - begin) / 1e9);
                                }
                            } catch (IOException e) {
                                pause(5);
                            }
                        }
                    },
                    "recovery");
        }

        void begin() {
            thread.start();
        }

        double seconds() throws InterruptedException {
            thread.join();
            return Double.isNaN(seconds.get()) ? LONG_SECONDS : seconds.get();
        }
    }

    /** Asks for the health of the server, each time on a new connection. */
    private static final class HealthWatch implements AutoCloseable {
        private final AtomicLong worst = new AtomicLong();
        private volatile boolean ended;
        private final Thread thread;

        HealthWatch(InetSocketAddress address) {
            byte[] head =
                    "GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer question =
                    ByteBuffer.allocateDirect(head.length).put(head).flip();
            thread = new Thread(
                    () -> {
                        while (!ended) {
                            long before = System.nanoTime();
                            try {
                                LoadConnection.ask(address, question);
                                worst.accumulateAndGet(System.nanoTime() - before, Math::max);
                            } catch (IOException e) {
                                worst.set(Long.MAX_VALUE);
                            }
                            pause(50);
                        }
                    },
                    "health");
            thread.start();
        }

        double worstMillis() {
            return worst.get() / 1e6;
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
