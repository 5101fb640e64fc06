package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.opgraft.backend.AsyncModel;
import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Scheduling;
import io.opgraft.serving.BatchStatistics;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.OverloadException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models that wait for other models, and inputs that come from them. */
class AsyncTest {
    private static final ModelMetadata METADATA = FakeModel.metadata(Scheduling.PLAIN, 4);

    /** Keeps runs open until the test ends them. */
    private static class Slow extends FakeModel implements AsyncModel {
        final Deque<Runnable> runs = new ArrayDeque<>();
        final Deque<Completion> ends = new ArrayDeque<>();
        Terms terms;
        int cancelled;

        Slow() {
            super(1);
        }

        @Override
        public Run start(Map<String, Tensor> inputs, List<String> outputs, Terms said, Completion completion) {
            terms = said;
            run(inputs, outputs, completion);
            return () -> {
                cancelled++;
                completion.failed(new InferenceException("a step was cancelled", false));
            };
        }

        @Override
        public void run(Map<String, Tensor> inputs, List<String> outputs, Completion completion) {
            ends.add(completion);
            runs.add(() -> {
                try {
                    completion.completed(run(inputs, outputs));
                } catch (InferenceException e) {
                    completion.failed(e);
                }
            });
        }
    }

    private final FakeThreads threads = new FakeThreads();
    private final VersionQueue queue = new VersionQueue(METADATA, FakeThreads.SETTINGS, threads);
    private final BytesInFlight account = new BytesInFlight(0);

    private LeasedRequest open(FakeModel model) {
        return new LeasedRequest(model.lease(METADATA), queue, account, null);
    }

    private Answer run(LeasedRequest request) {
        Answer answer = new Answer();
        request.run(List.of("OUT"), answer);
        return answer;
    }

    private LeasedRequest filled(FakeModel model, int value) throws InferenceException {
        LeasedRequest request = open(model);
        request.input("IN", DataType.INT32, Shape.of(1, 1), 4).buffer().putInt(value);
        return request;
    }

    @Test
    void theyStartAtOnceWithoutAThreadOrALimit() throws Exception {
        Slow slow = new Slow();
        LeasedRequest one = filled(slow, 1);
        LeasedRequest two = filled(slow, 2);
        Answer first = run(one);
        Answer second = run(two);
        assertEquals(List.of(2, 0), List.of(slow.runs.size(), threads.tasks.size()));
        assertEquals(2, queue.statistics().running());
        slow.runs.removeLast().run();
        assertEquals(List.of(0, 1), List.of(first.told, second.told));
        slow.runs.remove().run();
        assertEquals(List.of(1), first.values(0));
        assertEquals(List.of(2), second.values(0));
        assertEquals(2, queue.statistics().successes());
        one.close();
        two.close();
        assertEquals(List.of(0L, 0L), List.of(queue.statistics().running(), (long) slow.open.get()));
    }

    @Test
    void theirFailuresKeepTheirKindAndOneEndIsEnough() throws Exception {
        Slow slow = new Slow();
        LeasedRequest request = filled(slow, 1);
        Answer answer = run(request);
        slow.ends.peek().failed(new OverloadException("a step is busy", 2));
        slow.ends.remove().failed(new InferenceException("late", false));
        assertInstanceOf(OverloadException.class, answer.failure);
        assertEquals(1, answer.told);
        assertEquals(0, queue.statistics().running());
        request.close();
        assertEquals(0, slow.open.get());
    }

    @Test
    void anInputThatExistsIsReadAsItIsOrCopied() throws Exception {
        FakeModel maker = new FakeModel(0);
        Tensor tensor = maker.allocate(DataType.INT32, Shape.of(1, 1), 4);
        tensor.buffer().putInt(7);
        Tensor[] seen = new Tensor[1];
        FakeModel reader = new FakeModel(0) {
            @Override
            public boolean accepts(Tensor other) {
                return other == tensor;
            }
        };
        reader.work = inputs -> seen[0] = inputs.get("IN");
        try (LeasedRequest request = open(reader)) {
            request.input("IN", tensor);
            assertEquals(0, account.taken());
            Answer answer = new Answer();
            answer.completed(request.run(List.of("NEG")));
            assertEquals(List.of(-7), answer.values(0));
            assertEquals(true, seen[0] == tensor);
        }
        FakeModel copier = new FakeModel(0);
        copier.work = inputs -> seen[0] = inputs.get("IN");
        try (LeasedRequest request = open(copier)) {
            request.input("IN", tensor);
            assertEquals(4, account.taken());
            Answer answer = new Answer();
            answer.completed(request.run(List.of("NEG")));
            assertEquals(List.of(-7), answer.values(0));
            assertEquals(false, seen[0] == tensor);
        }
        // Still the maker's.
        assertEquals(7, tensor.buffer().getInt());
        tensor.close();
        assertEquals(List.of(0, 0, 0), List.of(maker.open.get(), reader.open.get(), copier.open.get()));
    }

    @Test
    void anInputThatExistsIsCheckedToo() throws Exception {
        Tensor wrong = new BufferTensor(DataType.FP32, Shape.of(1, 1), ByteBuffer.allocateDirect(4));
        FakeModel any = new FakeModel(0) {
            @Override
            public boolean accepts(Tensor other) {
                return true;
            }
        };
        try (LeasedRequest request = open(any)) {
            assertThrows(InferenceException.class, () -> request.input("IN", wrong));
            assertThrows(InferenceException.class, () -> request.input("X", wrong));
        }
        assertEquals(0, any.open.get());
    }

    @Test
    void theyHearWhatTheRequestSaidOfItself() throws Exception {
        Slow slow = new Slow();
        try (LeasedRequest request = filled(slow, 1)) {
            request.id("r-1");
            request.schedule(3, 50_000);
            run(request);
            assertEquals(new AsyncModel.Terms(3, 50_000, "r-1"), slow.terms);
        }
    }

    @Test
    void cancelReachesARunUnderWay() throws Exception {
        Slow slow = new Slow();
        LeasedRequest request = filled(slow, 1);
        Answer answer = run(request);
        request.cancel();
        assertEquals(List.of(1, 1), List.of(slow.cancelled, answer.told));
        assertInstanceOf(CancelledException.class, answer.failure);
        request.close();
        assertEquals(0, slow.open.get());
        assertEquals(Map.of(FailureReason.CANCELLED, 1L), queue.statistics().failuresByReason());
    }

    @Test
    void cancelReachesARunThatIsJustBeginning() throws Exception {
        LeasedRequest[] request = new LeasedRequest[1];
        Slow slow = new Slow() {
            @Override
            public Run start(Map<String, Tensor> inputs, List<String> outputs, Terms said, Completion completion) {
                Run run = super.start(inputs, outputs, said, completion);
                request[0].cancel();
                assertEquals(0, cancelled);
                return run;
            }
        };
        request[0] = filled(slow, 1);
        Answer answer = run(request[0]);
        assertEquals(1, slow.cancelled);
        assertInstanceOf(CancelledException.class, answer.failure);
        request[0].close();
        assertEquals(0, slow.open.get());
    }

    @Test
    void closeEndsARunUnderWay() throws Exception {
        Slow slow = new Slow();
        LeasedRequest request = filled(slow, 1);
        Answer answer = run(request);
        request.close();
        assertEquals(List.of(1, 1), List.of(slow.cancelled, answer.told));
        assertEquals(0, slow.open.get());
    }

    @Test
    void whatOthersDidForThemIsTheirTime() throws Exception {
        Slow slow = new Slow();
        LeasedRequest request = filled(slow, 1);
        Answer answer = run(request);
        threads.advance(100);
        slow.ends.remove().completed(slow.run(request.tensors(), List.of("OUT")), 5, 7);
        assertEquals(1, answer.told);
        // The clock of this test ticks whenever somebody looks.
        assertEquals(7, request.phases().inferNanos());
        assertEquals(
                true, request.phases().inputNanos() >= 5 && request.phases().inputNanos() < 10);
        threads.advance(20);
        request.taken();
        threads.advance(1000);
        request.close();
        ModelStatistics all = queue.statistics();
        assertEquals(List.of(request.phases().inputNanos(), 7L), List.of(all.inputNanos(), all.inferNanos()));
        assertEquals(true, all.outputNanos() >= 20 && all.outputNanos() < 100, all.toString());
        assertEquals(true, all.successNanos() >= 120 && all.successNanos() < 200, all.toString());
        assertEquals(List.of(new BatchStatistics(1, 1, 5, 7, all.outputNanos())), all.batches());
    }
}
