package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.OverloadException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasedRequestTest {
    private static TensorSpec spec(String name, DataType type, long... dims) {
        return new TensorSpec(name, type, Shape.of(dims));
    }

    private static final ModelMetadata BATCHED = new ModelMetadata(
            "m",
            1,
            "p",
            8,
            List.of(spec("A", DataType.INT32, -1, 16), spec("B", DataType.INT32, -1, 16)),
            List.of(spec("X", DataType.INT32, -1, 16), spec("Y", DataType.INT32, -1, 16)),
            "{}");

    private static final ModelMetadata LOOSE = new ModelMetadata(
            "m",
            1,
            "p",
            0,
            List.of(new TensorSpec("A", DataType.FP32, null), spec("S", DataType.BYTES, -1)),
            List.of(spec("X", DataType.FP32)),
            "{}");

    private final FakeLease lease = new FakeLease(BATCHED);
    private final BytesInFlight account = new BytesInFlight(0);
    private final VersionQueue queue = new VersionQueue(BATCHED, FakeThreads.SETTINGS, new FakeThreads());
    private final LeasedRequest request = new LeasedRequest(lease, queue, account, null);

    private static String fault(LeasedRequest request, String name, DataType type, Shape shape, long bytes) {
        InferenceException e = assertThrows(InferenceException.class, () -> request.input(name, type, shape, bytes));
        assertTrue(e.clientFault());
        return e.getMessage();
    }

    private void inputs() throws InferenceException {
        request.input("A", DataType.INT32, Shape.of(2, 16), 128);
        request.input("B", DataType.INT32, Shape.of(2, 16), 128);
    }

    @Test
    void goodRequestRuns() throws Exception {
        inputs();
        Outputs outputs = request.run(List.of());
        assertSame(lease.outputs, outputs);
        assertEquals(List.of("X", "Y"), lease.ranOutputs);
        assertEquals(List.of("A", "B"), List.copyOf(lease.ranInputs.keySet()));
        assertSame(BATCHED, request.metadata());
        assertSame(lease.wiring(), request.wiring());
    }

    @Test
    void outputsComeInTheOrderOfTheRequest() throws Exception {
        inputs();
        request.run(List.of("Y", "X"));
        assertEquals(List.of("Y", "X"), lease.ranOutputs);
    }

    @Test
    void unknownAndDuplicateNamesAreNamed() throws Exception {
        assertEquals(
                "unexpected inference input 'C' for model 'm'",
                fault(request, "C", DataType.INT32, Shape.of(1, 16), 64));
        inputs();
        assertEquals(
                "input 'A' already exists in request for model 'm'",
                fault(request, "A", DataType.INT32, Shape.of(2, 16), 128));
        assertEquals(2, lease.allocated.size());
    }

    @Test
    void datatypeMustBeTheModels() {
        assertEquals(
                "inference input 'A' data-type is 'FP32', but model 'm' expects 'INT32'",
                fault(request, "A", DataType.FP32, Shape.of(1, 16), 64));
    }

    @Test
    void shapeMustFit() {
        assertEquals(
                "unexpected shape for input 'A' for model 'm'. Expected [-1,16], got [1,15]. The first dimension is"
                        + " the batch, at most 8",
                fault(request, "A", DataType.INT32, Shape.of(1, 15), 60));
        assertTrue(fault(request, "A", DataType.INT32, Shape.of(16), 64).contains("Expected [-1,16], got [16]"));
        assertTrue(fault(request, "A", DataType.INT32, Shape.of(), 4).contains("got []"));
        assertEquals(
                "shape [-1,16] of input 'A' for model 'm' has an open dimension, but a request must give every size",
                fault(request, "A", DataType.INT32, Shape.of(-1, 16), 64));
    }

    @Test
    void batchMustBeWithinTheLimitAndEqual() throws Exception {
        assertEquals(
                "inference request batch-size must be <= 8 for 'm' and at least 1, but input 'A' has shape [9,16]",
                fault(request, "A", DataType.INT32, Shape.of(9, 16), 9 * 64));
        assertTrue(fault(request, "A", DataType.INT32, Shape.of(0, 16), 0).contains("has shape [0,16]"));
        request.input("A", DataType.INT32, Shape.of(8, 16), 8 * 64);
        assertEquals(
                "input 'B' batch size does not match other inputs for 'm': 'B' has shape [2,16], 'A' has shape [8,16]",
                fault(request, "B", DataType.INT32, Shape.of(2, 16), 128));
    }

    @Test
    void sizeMustBeThatOfTheShape() {
        assertEquals(
                "unexpected total byte size 60 for input 'A' for model 'm', expecting 64 for INT32 of shape [1,16]",
                fault(request, "A", DataType.INT32, Shape.of(1, 16), 60));
        LeasedRequest loose = new LeasedRequest(new FakeLease(LOOSE), queue, account, null);
        assertEquals(
                "unexpected total byte size 7 for input 'S' for model 'm', expecting at least 8 for BYTES of shape [2]",
                fault(loose, "S", DataType.BYTES, Shape.of(2), 7));
        assertTrue(fault(loose, "S", DataType.BYTES, Shape.of(0), 1).contains("byte size 1"));
        assertEquals(
                "shape [4294967296,4294967296] of input 'A' for model 'm' has more elements than can be counted",
                fault(loose, "A", DataType.FP32, Shape.of(1L << 32, 1L << 32), 0));
        assertTrue(fault(loose, "A", DataType.FP32, Shape.of(1L << 62), 0).contains("more elements"));
    }

    @Test
    void anyShapeFitsWhereTheModelLeavesItOpen() throws Exception {
        FakeLease open = new FakeLease(LOOSE);
        LeasedRequest loose = new LeasedRequest(open, queue, account, null);
        loose.input("A", DataType.FP32, Shape.of(), 4);
        loose.input("S", DataType.BYTES, Shape.of(0), 0);
        loose.run(List.of("X"));
        assertEquals(List.of("X"), open.ranOutputs);
    }

    @Test
    void bytesInFlightAreLimitedAndGivenBack() throws Exception {
        BytesInFlight small = new BytesInFlight(200);
        LeasedRequest first = new LeasedRequest(new FakeLease(BATCHED), queue, small, null);
        first.input("A", DataType.INT32, Shape.of(2, 16), 128);
        OverloadException refused =
                assertThrows(OverloadException.class, () -> first.input("B", DataType.INT32, Shape.of(2, 16), 128));
        assertTrue(refused.getMessage().contains("limit of 200"), refused.getMessage());
        assertEquals(1, refused.retryAfterSeconds());
        assertEquals(128, small.taken());
        first.close();
        assertEquals(0, small.taken());
    }

    @Test
    void missingInputsAreNamed() throws Exception {
        request.input("B", DataType.INT32, Shape.of(1, 16), 64);
        InferenceException e = assertThrows(InferenceException.class, () -> request.run(List.of()));
        assertEquals(
                "expected 2 inputs but got 1 inputs for model 'm'. Got input(s) ['B'], but missing required input(s) "
                        + "['A']. Please provide all required input(s).",
                e.getMessage());
    }

    @Test
    void wrongOutputsAreNamed() throws Exception {
        inputs();
        InferenceException unknown = assertThrows(InferenceException.class, () -> request.run(List.of("X", "Z")));
        assertEquals("unexpected inference output 'Z' for model 'm'", unknown.getMessage());
        LeasedRequest other = new LeasedRequest(new FakeLease(BATCHED), queue, account, null);
        other.input("A", DataType.INT32, Shape.of(2, 16), 128);
        other.input("B", DataType.INT32, Shape.of(2, 16), 128);
        InferenceException twice = assertThrows(InferenceException.class, () -> other.run(List.of("X", "Y", "X")));
        assertEquals("output 'X' already exists in request for model 'm'", twice.getMessage());
        assertThrows(IllegalStateException.class, () -> other.run(List.of("X")));
    }

    @Test
    void closeFreesAllOnce() throws Exception {
        inputs();
        request.run(List.of());
        request.close();
        request.close();
        assertEquals(List.of("outputs", "A", "B", "lease"), lease.closed);
        assertThrows(IllegalStateException.class, () -> request.run(List.of()));
    }

    @Test
    void closeReturnsTheLeaseWhateverFails() throws Exception {
        inputs();
        request.run(List.of());
        lease.failOnClose = true;
        assertThrows(IllegalStateException.class, request::close);
        assertEquals(List.of("outputs", "A", "B", "lease"), lease.closed);
    }

    @Test
    void failedAllocationAddsNothing() throws Exception {
        lease.failAllocation = true;
        assertThrows(InferenceException.class, () -> request.input("A", DataType.INT32, Shape.of(2, 16), 128));
        lease.failAllocation = false;
        Tensor tensor = request.input("A", DataType.INT32, Shape.of(2, 16), 128);
        assertEquals(128, tensor.buffer().capacity());
        assertFalse(lease.closed.contains("A"));
    }

    private ModelStatistics statistics() {
        return queue.statistics();
    }

    @Test
    void aSuccessIsCountedBeforeItsAnswerIsWritten() throws Exception {
        assertEquals(ModelStatistics.none("m", 1), statistics());
        inputs();
        request.run(List.of());
        ModelStatistics ran = statistics();
        assertEquals(
                List.of(1L, 0L, 2L, 1L), List.of(ran.successes(), ran.failures(), ran.inferences(), ran.executions()));
        assertEquals(0, ran.outputNanos());
        assertTrue(ran.lastMillis() > 0);
        request.close();
        request.close();
        ModelStatistics closed = statistics();
        assertEquals(List.of(1L, 0L, 2L), List.of(closed.successes(), closed.failures(), closed.inferences()));
        assertEquals(
                closed.successNanos(),
                closed.queueNanos() + closed.inputNanos() + closed.inferNanos() + closed.outputNanos());
    }

    @Test
    void whatIsClosedWithoutASuccessfulRunIsAFailure() throws Exception {
        request.input("A", DataType.INT32, Shape.of(2, 16), 128);
        assertThrows(InferenceException.class, () -> request.run(List.of()));
        request.close();
        request.close();
        new LeasedRequest(new FakeLease(LOOSE), queue, account, null).close();
        assertEquals(
                List.of(0L, 2L, 0L),
                List.of(
                        statistics().successes(),
                        statistics().failures(),
                        statistics().inferences()));
        assertTrue(statistics().failureNanos() > 0);
    }

    @Test
    void aRequestWithoutBatchIsOneInference() throws Exception {
        LeasedRequest loose = new LeasedRequest(new FakeLease(LOOSE), queue, account, null);
        loose.input("A", DataType.FP32, Shape.of(4), 16);
        loose.input("S", DataType.BYTES, Shape.of(0), 0);
        loose.run(List.of());
        assertEquals(1, statistics().inferences());
    }

    @Test
    void countsAreKeptByNameAndVersionOverInstances() {
        Versions all = new Versions(FakeThreads.SETTINGS, new FakeThreads());
        all.of(BATCHED).counters().failed(FailureReason.OTHER, 5);
        all.of(LOOSE).counters().failed(FailureReason.BACKEND, 6);
        assertEquals(1, all.statistics().size());
        assertEquals(2, all.statistics().get(0).failures());
        assertEquals(11, all.statistics().get(0).failureNanos());
    }
}
