package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Scheduling;
import io.opgraft.serving.BatchStatistics;
import io.opgraft.serving.ModelStatistics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final FakeThreads threads = new FakeThreads();
    private final FakeModel model = new FakeModel(1);
    private final List<LeasedRequest> all = new ArrayList<>();
    private ModelMetadata metadata;
    private VersionQueue queue;

    private void configure(Scheduling scheduling) {
        metadata = FakeModel.metadata(scheduling, 8);
        queue = new VersionQueue(metadata, FakeThreads.SETTINGS, threads);
    }

    private LeasedRequest request(FakeModel on, int batch, int width, int value) throws InferenceException {
        LeasedRequest request = new LeasedRequest(on.lease(metadata), queue, new BytesInFlight(0), null);
        all.add(request);
        ByteBuffer in = request.input("IN", DataType.INT32, Shape.of(batch, width), 4L * batch * width)
                .buffer();
        for (int v = value; in.hasRemaining(); v++) {
            in.putInt(v);
        }
        return request;
    }

    private static Answer run(LeasedRequest request, String... outputs) {
        Answer answer = new Answer();
        request.run(List.of(outputs), answer);
        return answer;
    }

    private Answer run(int batch, int value) throws InferenceException {
        return run(request(model, batch, 1, value), "OUT");
    }

    private void assertAllFree() {
        all.forEach(LeasedRequest::close);
        assertEquals(0, model.open.get());
    }

    @Test
    void requestsThatWaitForOneRunAreJoinedInTheNext() throws Exception {
        configure(FakeModel.BATCHING);
        run(1, 0);
        Answer two = run(2, 10);
        Answer three = run(3, 20);
        Answer tooMany = run(4, 30);
        threads.runAll();
        assertEquals(List.of(1, 5, 4), model.batches);
        assertEquals(List.of(10, 11), two.values(0));
        assertEquals(List.of(20, 21, 22), three.values(0));
        assertEquals(List.of(30, 31, 32, 33), tooMany.values(0));
        assertEquals(Shape.of(3, 1), three.outputs.tensors().get(0).shape());
        ModelStatistics statistics = queue.statistics();
        assertEquals(
                List.of(4L, 10L, 3L),
                List.of(statistics.successes(), statistics.inferences(), statistics.executions()));
        assertEquals(
                List.of(1, 4, 5),
                statistics.batches().stream().map(BatchStatistics::size).toList());
        assertAllFree();
    }

    @Test
    void theOutputsOfABatchLiveUntilTheLastIsClosed() throws Exception {
        configure(FakeModel.BATCHING);
        run(1, 0);
        Answer one = run(1, 1);
        Answer two = run(1, 2);
        threads.runAll();
        assertEquals(List.of(1), one.values(0));
        all.get(1).close();
        assertEquals(List.of(2), two.values(0));
        assertAllFree();
    }

    @Test
    void eachGetsTheOutputsThatItAskedForInItsOrder() throws Exception {
        configure(FakeModel.BATCHING);
        run(1, 0);
        Answer neg = run(request(model, 1, 1, 7), "NEG");
        Answer both = run(request(model, 1, 1, 8), "NEG", "OUT");
        Answer all = run(request(model, 1, 1, 9));
        threads.runAll();
        assertEquals(List.of("OUT", "NEG"), model.asked.get(1));
        assertEquals(List.of(-7), neg.values(0));
        assertEquals(List.of(List.of(-8), List.of(8)), List.of(both.values(0), both.values(1)));
        assertEquals(List.of(List.of(9), List.of(-9)), List.of(all.values(0), all.values(1)));
        assertAllFree();
    }

    @Test
    void otherShapesAndOtherInstancesRunApart() throws Exception {
        configure(FakeModel.BATCHING);
        FakeModel newer = new FakeModel(1);
        run(1, 0);
        run(1, 1);
        run(request(model, 1, 2, 2), "OUT");
        run(request(newer, 1, 1, 4), "OUT");
        run(1, 5);
        threads.runAll();
        assertEquals(List.of(1, 2, 1), model.batches);
        assertEquals(List.of(1), newer.batches);
        assertAllFree();
        assertEquals(0, newer.open.get());
    }

    @Test
    void aBadRequestFailsAlone() throws Exception {
        configure(FakeModel.BATCHING);
        model.work = inputs -> {
            ByteBuffer in = inputs.get("IN").buffer();
            while (in.hasRemaining()) {
                if (in.getInt() == 13) {
                    throw new InferenceException("13 is not served", true);
                }
            }
        };
        run(1, 0);
        Answer good = run(1, 1);
        Answer bad = run(1, 13);
        Answer alsoGood = run(1, 2);
        threads.runAll();
        assertEquals(List.of(1, 3, 1, 1, 1), model.batches);
        assertEquals(List.of(1), good.values(0));
        assertEquals("13 is not served", bad.failure.getMessage());
        assertEquals(List.of(2), alsoGood.values(0));
        ModelStatistics statistics = queue.statistics();
        assertEquals(
                List.of(3L, 1L, 3L), List.of(statistics.successes(), statistics.failures(), statistics.executions()));
        assertEquals(0, statistics.running());
        assertAllFree();
    }

    @Test
    void aFailureOfTheModelIsToldToAll() throws Exception {
        configure(FakeModel.BATCHING);
        run(1, 0);
        threads.runAll();
        model.work = inputs -> {
            if (inputs.get("IN").shape().dimension(0) > 1) {
                throw new InferenceException("broken", false);
            }
            threads.pass(20 * FakeThreads.SHORT);
        };
        run(1, 1);
        // The model is known to be slow now.
        run(1, 2);
        Answer one = run(1, 3);
        Answer two = run(1, 4);
        threads.runAll();
        assertEquals(List.of("broken", "broken"), List.of(one.failure.getMessage(), two.failure.getMessage()));
        assertAllFree();
    }

    @Test
    void outputsWithoutABatchAreMadeAlone() throws Exception {
        configure(FakeModel.BATCHING);
        FakeModel sum = new FakeModel(1) {
            @Override
            Tensor answer(Tensor in, String name) {
                Tensor all = super.answer(in, name);
                int total = 0;
                for (ByteBuffer bytes = all.buffer(); bytes.hasRemaining(); ) {
                    total += bytes.getInt();
                }
                all.close();
                Tensor out = allocate(DataType.INT32, Shape.of(1), 4);
                out.buffer().putInt(total);
                return out;
            }
        };
        run(request(sum, 1, 1, 0), "OUT");
        Answer one = run(request(sum, 2, 1, 10), "OUT");
        Answer two = run(request(sum, 1, 1, 5), "OUT");
        threads.runAll();
        assertEquals(List.of(21), one.values(0));
        assertEquals(List.of(5), two.values(0));
        all.forEach(LeasedRequest::close);
        assertEquals(0, sum.open.get());
    }

    @Test
    void preferredSizesRunAsSoonAsTheyAreThere() throws Exception {
        configure(FakeModel.batching(1000, 2, 4));
        LeasedRequest reading = request(model, 1, 1, 99);
        run(1, 0);
        run(1, 1);
        assertEquals(1, threads.tasks.size());
        run(1, 2);
        run(1, 3);
        run(1, 4);
        threads.runAll();
        // Two at once, then two of the three that waited; the last waits for the request that is still being read.
        assertEquals(List.of(2, 2), model.batches);
        threads.advance(1_100_000);
        threads.runAll();
        assertEquals(List.of(2, 2, 1), model.batches);
        reading.close();
        assertAllFree();
    }

    @Test
    void aLoneRequestNeverWaits() throws Exception {
        configure(FakeModel.batching(1_000_000));
        Answer first = run(1, 0);
        threads.runAll();
        assertEquals(1, first.told);
        // Its answer is being written when the next one comes.
        Answer next = run(1, 1);
        assertEquals(1, next.told);
        assertAllFree();
    }

    @Test
    void aBatchWaitsForRequestsThatAreBeingReadAndNoLonger() throws Exception {
        configure(FakeModel.batching(1000));
        LeasedRequest slow = request(model, 1, 1, 5);
        Answer waiting = run(1, 0);
        assertEquals(0, threads.tasks.size());
        Answer joined = run(slow, "OUT");
        threads.runAll();
        assertEquals(List.of(2), model.batches);
        assertEquals(List.of(1, 1), List.of(waiting.told, joined.told));
        // Another one goes away before it is complete.
        LeasedRequest left = request(model, 1, 1, 6);
        Answer alone = run(1, 7);
        assertEquals(0, alone.told);
        left.close();
        threads.runAll();
        assertEquals(1, alone.told);
        // And one takes longer than the delay.
        LeasedRequest slower = request(model, 1, 1, 8);
        Answer enough = run(1, 9);
        threads.advance(1_100_000);
        threads.runAll();
        assertEquals(1, enough.told);
        slower.close();
        assertAllFree();
    }

    @Test
    void whileOneShapeWaitsAnotherMayRun() throws Exception {
        configure(FakeModel.batching(1000, 2));
        LeasedRequest reading = request(model, 1, 3, 0);
        run(1, 0);
        run(request(model, 2, 2, 0), "OUT");
        threads.runAll();
        assertEquals(List.of(2), model.batches);
        threads.advance(1_100_000);
        threads.runAll();
        assertEquals(List.of(2, 1), model.batches);
        assertTrue(queue.statistics().waiting() == 0);
        reading.close();
        assertAllFree();
    }

    @Test
    void stringsAreCutAtTheirLengths() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(32).order(ByteOrder.LITTLE_ENDIAN);
        for (String word : List.of("a", "", "cde", "ff")) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            memory.putInt(bytes.length).put(bytes);
        }
        memory.flip();
        configure(FakeModel.BATCHING);
        LeasedRequest one = request(model, 1, 1, 0);
        LeasedRequest two = request(model, 3, 1, 0);
        Answer unused = run(one, "OUT");
        run(two, "OUT");
        Tensor strings = new BufferTensor(DataType.BYTES, Shape.of(4, 1), memory.slice());
        SharedOutputs cut = SharedOutputs.split(
                new Outputs() {
                    @Override
                    public List<Tensor> tensors() {
                        return List.of(strings);
                    }

                    @Override
                    public void close() {}
                },
                List.of("OUT"),
                List.of(one, two));
        assertEquals(5, cut.of(0).tensors().get(0).buffer().remaining());
        assertEquals(4 + 4 + 3 + 4 + 2, cut.of(1).tensors().get(0).buffer().remaining());
        assertEquals(Shape.of(3, 1), cut.of(1).tensors().get(0).shape());
        threads.runAll();
        assertEquals(1, unused.told);
        assertAllFree();
    }
}
