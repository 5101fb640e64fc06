package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.Scheduling;
import io.opgraft.serving.CacheStatistics;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.ResponseCacheStatistics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CacheTest {
    private static final ModelMetadata CACHED = FakeModel.metadata(
            new ModelOptions(Scheduling.PLAIN, Set.of(), Map.of(), Map.of(), Map.of(), true, Map.of()), 0);

    private final FakeModel model = new FakeModel(1);
    private final ResponseCache cache = new ResponseCache(64);
    private final VersionQueue queue = new VersionQueue(CACHED, FakeThreads.SETTINGS, new FakeThreads());

    private List<Integer> ask(FakeModel on, ModelMetadata metadata, List<String> outputs, int... values)
            throws InferenceException {
        try (LeasedRequest request = new LeasedRequest(on.lease(metadata), queue, new BytesInFlight(0), cache)) {
            ByteBuffer in = request.input("IN", DataType.INT32, Shape.of(1, values.length), 4L * values.length)
                    .buffer();
            for (int value : values) {
                in.putInt(value);
            }
            Answer answer = new Answer();
            answer.completed(request.run(outputs));
            return answer.values(0);
        }
    }

    private List<Integer> ask(int... values) throws InferenceException {
        return ask(model, CACHED, List.of("OUT"), values);
    }

    @Test
    void equalRequestsAreAnsweredWithoutARun() throws Exception {
        assertEquals(List.of(1, 2), ask(1, 2));
        assertEquals(List.of(1, 2), ask(1, 2));
        assertEquals(List.of(3), ask(3));
        assertEquals(2, model.batches.size());
        ModelStatistics statistics = queue.statistics();
        CacheStatistics figures = statistics.cache();
        assertEquals(List.of(1L, 2L), List.of(figures.hits(), figures.misses()));
        assertEquals(
                List.of(3L, 2L, 2L), List.of(statistics.successes(), statistics.inferences(), statistics.executions()));
        assertEquals(0, model.open.get());
    }

    @Test
    void otherOutputsAndOtherInstancesAreOtherRequests() throws Exception {
        ask(1);
        assertEquals(List.of(-1), ask(model, CACHED, List.of("NEG"), 1));
        FakeModel newer = new FakeModel(1);
        ask(newer, CACHED, List.of("OUT"), 1);
        assertEquals(1, newer.batches.size());
        assertEquals(2, model.batches.size());
    }

    @Test
    void modelsThatDoNotAskForItAreNotCached() throws Exception {
        ModelMetadata plain = FakeModel.metadata(Scheduling.PLAIN, 0);
        ask(model, plain, List.of("OUT"), 1);
        ask(model, plain, List.of("OUT"), 1);
        assertEquals(2, model.batches.size());
        assertEquals(CacheStatistics.NONE, queue.statistics().cache());
    }

    @Test
    void theOldestGoFirstAndLargeAnswersAreNotKept() throws Exception {
        for (int i = 0; i < 4; i++) {
            ask(i, i, i, i);
        }
        assertEquals(64, cache.statistics().bytes());
        ask(0, 0, 0, 0);
        ask(4, 4, 4, 4);
        assertEquals(64, cache.statistics().bytes());
        ask(0, 0, 0, 0);
        assertEquals(5, model.batches.size());
        ask(1, 1, 1, 1);
        assertEquals(6, model.batches.size());
        ask(5, 5, 5, 5, 5);
        ask(5, 5, 5, 5, 5);
        assertEquals(8, model.batches.size());
        ResponseCacheStatistics all = cache.statistics();
        assertEquals(64, all.limit());
        assertEquals(4, all.entries());
        assertEquals(List.of(2L, 8L, 2L), List.of(all.hits(), all.misses(), all.evictions()));
    }

    @Test
    void timesOfAllModelsAreAddedUp() throws Exception {
        ask(1);
        ask(1);
        ask(new FakeModel(1), CACHED, List.of("OUT"), 1);
        CacheStatistics one = queue.statistics().cache();
        ResponseCacheStatistics all = cache.statistics();
        assertEquals(one.hitNanos() + one.missNanos(), all.lookupNanos() + all.insertionNanos());
        cache.lookedUp(5);
        cache.stored(7);
        assertEquals(all.lookupNanos() + 5, cache.statistics().lookupNanos());
        assertEquals(all.insertionNanos() + 7, cache.statistics().insertionNanos());
    }

    @Test
    void theShapeIsPartOfTheKey() {
        FakeModel any = new FakeModel(1);
        ByteBuffer memory = ByteBuffer.allocateDirect(8);
        assertNotEquals(
                cache.key(any, Map.of("IN", new BufferTensor(DataType.INT32, Shape.of(1, 2), memory)), List.of("OUT")),
                cache.key(any, Map.of("IN", new BufferTensor(DataType.INT32, Shape.of(2, 1), memory)), List.of("OUT")));
    }
}
