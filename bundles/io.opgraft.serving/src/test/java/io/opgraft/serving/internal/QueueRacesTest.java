package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Scheduling;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.RunHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads: whatever overlaps, each request is told once, each count is exact and everything is freed. */
@Timeout(60)
class QueueRacesTest {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 400;

    private final FakeModel model = new FakeModel(2);
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final Map<FailureReason, AtomicLong> failures = new EnumMap<>(FailureReason.class);

    /** Checks and notes one answer, then closes the request as a protocol would. */
    private final class Client implements RunHandler {
        private final LeasedRequest request;
        private final int value;
        private final int batch;
        private final AtomicInteger told = new AtomicInteger();

        Client(LeasedRequest request, int value, int batch) {
            this.request = request;
            this.value = value;
            this.batch = batch;
        }

        @Override
        public void completed(Outputs outputs) {
            ByteBuffer bytes = outputs.tensors().get(0).buffer();
            int seen = 0;
            while (bytes.hasRemaining()) {
                wrong.addAndGet(bytes.getInt() == value ? 0 : 1);
                seen++;
            }
            wrong.addAndGet(seen == batch && told.getAndIncrement() == 0 ? 0 : 1);
            answered.incrementAndGet();
            rows.addAndGet(batch);
            request.close();
            open.decrementAndGet();
        }

        @Override
        public void failed(InferenceException cause) {
            wrong.addAndGet(told.getAndIncrement() == 0 ? 0 : 1);
            failures.get(VersionQueue.reason(cause)).incrementAndGet();
            request.close();
            open.decrementAndGet();
        }
    }

    private void exercise(Scheduling scheduling, int maxBatchSize) throws Exception {
        for (FailureReason reason : FailureReason.values()) {
            failures.put(reason, new AtomicLong());
        }
        ModelMetadata metadata = FakeModel.metadata(scheduling, maxBatchSize);
        BytesInFlight account = new BytesInFlight(0);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (RunThreads threads = new RunThreads(16)) {
            VersionQueue queue = new VersionQueue(metadata, new Settings(1_000_000, 20, 0, 0, 2), threads);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> done = new ArrayList<>();
            for (int c = 0; c < CLIENTS; c++) {
                int client = c;
                done.add(clients.submit(() -> {
                    start.await();
                    for (int i = 0; i < REQUESTS; i++) {
                        one(queue, metadata, account, client, i);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> future : done) {
                future.get();
            }
            while (open.get() > 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            check(queue.statistics(), account);
        } finally {
            clients.shutdownNow();
        }
    }

    private void one(VersionQueue queue, ModelMetadata metadata, BytesInFlight account, int client, int i)
            throws InferenceException {
        LeasedRequest request = new LeasedRequest(model.lease(metadata), queue, account, null);
        int batch = 1 + i % 3;
        int value = client * REQUESTS + i;
        ByteBuffer in = request.input("IN", DataType.INT32, Shape.of(batch, 1), 4L * batch)
                .buffer();
        while (in.hasRemaining()) {
            in.putInt(value);
        }
        if (i % 5 == 0) {
            request.schedule(0, 1 + i % 100);
        }
        open.incrementAndGet();
        request.run(List.of("OUT"), new Client(request, value, batch));
        if (i % 7 == 0) {
            request.cancel();
        }
    }

    private void check(ModelStatistics statistics, BytesInFlight account) {
        assertEquals(0, wrong.get());
        assertEquals(0, account.taken());
        assertEquals(0, model.open.get());
        assertEquals(answered.get(), statistics.successes());
        assertEquals(rows.get(), statistics.inferences());
        assertEquals(CLIENTS * REQUESTS, statistics.successes() + statistics.failures());
        failures.forEach((reason, count) ->
                assertEquals(count.get(), statistics.failuresByReason().getOrDefault(reason, 0L), reason.name()));
        assertEquals(model.batches.size(), statistics.executions());
        assertEquals(
                statistics.successNanos(),
                statistics.queueNanos() + statistics.inputNanos() + statistics.inferNanos() + statistics.outputNanos());
        assertEquals(
                statistics.inferences(),
                statistics.batches().stream()
                        .mapToLong(size -> size.size() * size.executions())
                        .sum());
        assertEquals(List.of(0L, 0L), List.of(statistics.waiting(), statistics.running()));
        assertTrue(statistics.successes() > 0);
    }

    @Test
    void oneByOne() throws Exception {
        exercise(Scheduling.PLAIN, 4);
    }

    @Test
    void inBatches() throws Exception {
        model.work = inputs -> LockSupport.parkNanos(1000);
        exercise(FakeModel.BATCHING, 8);
    }

    @Test
    void inBatchesWithDelay() throws Exception {
        exercise(FakeModel.batching(200, 4, 6), 8);
    }
}
