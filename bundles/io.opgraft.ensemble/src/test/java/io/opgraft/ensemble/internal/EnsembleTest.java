package io.opgraft.ensemble.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.AsyncModel;
import io.opgraft.backend.AsyncModel.Completion;
import io.opgraft.backend.DataType;
import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.serving.OverloadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnsembleTest {
    private final FakeServing serving = new FakeServing();
    private final EnsembleBackend backend = new EnsembleBackend(new OneServing(serving));

    @BeforeEach
    void models() {
        serving.models.put("inc", in -> Map.of("y", in.get("x") + 1));
        serving.models.put("double", in -> Map.of("y", in.get("x") * 2));
        serving.models.put(
                "add", in -> Map.of("sum", in.get("a") + in.get("b"), "difference", in.get("a") - in.get("b")));
    }

    private static EnsembleStep step(String model, Map<String, String> inputs, Map<String, String> outputs) {
        return new EnsembleStep(model, -1, inputs, outputs);
    }

    private static EnsembleStep step(String model, String from, String to) {
        return step(model, Map.of("x", from), Map.of("y", to));
    }

    private static ModelSource source(List<String> inputs, List<String> outputs, EnsembleStep... steps) {
        return new ModelSource(
                "e",
                1,
                Path.of("."),
                "ensemble",
                "",
                0,
                specs(inputs),
                specs(outputs),
                Map.of(),
                List.of(),
                List.of(steps));
    }

    private static List<TensorSpec> specs(List<String> names) {
        return names.stream()
                .map(name -> new TensorSpec(name, DataType.INT32, Shape.of(1)))
                .toList();
    }

    /** Two branches that meet: O = (I + 1) + (I * 2), D their difference, and L = I + 1. */
    private AsyncModel diamond() throws ModelLoadException {
        return (AsyncModel) backend.load(
                source(
                        List.of("I"),
                        List.of("O", "D", "L"),
                        step("add", Map.of("a", "l", "b", "r"), Map.of("sum", "O", "difference", "D")),
                        step("inc", "I", "l"),
                        step("double", "I", "r"),
                        step("inc", "I", "L")),
                Map.of());
    }

    /** What a run is told. */
    private static final class End implements Completion {
        Outputs outputs;
        InferenceException failure;
        int told;
        long inputNanos;
        long inferNanos;

        @Override
        public void completed(Outputs result, long input, long infer) {
            inputNanos = input;
            inferNanos = infer;
            completed(result);
        }

        @Override
        public void completed(Outputs result) {
            outputs = result;
            told++;
        }

        @Override
        public void failed(InferenceException cause) {
            failure = cause;
            told++;
        }

        List<Integer> values() {
            return outputs.tensors().stream().map(t -> t.buffer().getInt(0)).toList();
        }
    }

    private static End run(AsyncModel model, int input, String... outputs) {
        End end = new End();
        model.run(Map.of("I", FakeServing.IntTensor.of(input)), List.of(outputs), end);
        return end;
    }

    @Test
    void stepsRunWhenTheirTensorsAreThereAndOutputsComeInTheWantedOrder() throws Exception {
        End end = run(diamond(), 5, "D", "O");
        assertEquals(List.of(-4, 16), end.values());
        // The step of L is not needed.
        assertEquals(List.of("inc", "double", "add"), serving.opened);
        end.outputs.close();
        assertEquals(0, serving.open);
    }

    @Test
    void tensorsOfAStepGoWhenAllThatTakeThemHaveRun() throws Exception {
        AsyncModel chain = (AsyncModel) backend.load(
                source(
                        List.of("I"),
                        List.of("O"),
                        step("inc", "I", "1"),
                        step("inc", "1", "2"),
                        step("inc", "2", "3"),
                        step("inc", "3", "O")),
                Map.of());
        End end = run(chain, 0, "O");
        assertEquals(List.of(4), end.values());
        assertEquals(2, serving.mostOpen);
        assertEquals(1, serving.open);
        end.outputs.close();
        assertEquals(0, serving.open);
    }

    @Test
    void independentStepsWaitSideBySideAndKeepNoThread() throws Exception {
        serving.deferred.addAll(Set.of("inc", "double"));
        End end = run(diamond(), 5, "O");
        assertEquals(2, serving.waiting.size());
        assertEquals(0, end.told);
        serving.waiting.removeLast().run();
        serving.waiting.remove().run();
        assertEquals(List.of(16), end.values());
        end.outputs.close();
        assertEquals(0, serving.open);
    }

    @Test
    void anErrorNamesItsStepAndEndsTheOthers() throws Exception {
        serving.deferred.addAll(Set.of("inc", "double"));
        serving.models.put("inc", in -> {
            throw new InferenceException("no more numbers", true);
        });
        End end = run(diamond(), 5, "O");
        serving.waiting.remove().run();
        assertEquals(1, end.told);
        assertEquals("step of model 'inc' in ensemble 'e': no more numbers", end.failure.getMessage());
        assertTrue(end.failure.clientFault());
        assertEquals(List.of("double"), serving.cancelled);
        assertEquals(0, serving.open);
    }

    @Test
    void anOverloadStaysOne() throws Exception {
        serving.models.put("double", in -> {
            throw new OverloadException("full", 3);
        });
        OverloadException overload = assertInstanceOf(OverloadException.class, run(diamond(), 5, "O").failure);
        assertEquals(3, overload.retryAfterSeconds());
        assertEquals(0, serving.open);
    }

    @Test
    void aModelThatWentAwayIsNamed() throws Exception {
        AsyncModel ensemble = diamond();
        serving.models.remove("add");
        End end = run(ensemble, 5, "O");
        assertEquals("step of model 'add' in ensemble 'e': Model 'add' is not ready", end.failure.getMessage());
        assertEquals(0, serving.open);
    }

    @Test
    void aBugInAStepEndsTheRun() throws Exception {
        serving.models.put("inc", in -> Map.of());
        End end = run(diamond(), 5, "O");
        assertEquals(1, end.told);
        assertNull(end.outputs);
        assertTrue(end.failure.getMessage().startsWith("step of model 'inc'"), end.failure.getMessage());
        assertEquals(0, serving.open);
    }

    @Test
    void stepsWaitAsTheRequestDoesAndCarryItsName() throws Exception {
        End end = new End();
        Map<String, Tensor> inputs = Map.of("I", FakeServing.IntTensor.of(5));
        diamond().start(inputs, List.of("O"), new AsyncModel.Terms(2, 7000, "r-1"), end);
        assertEquals(List.of("r-1 inc 2 7000", "r-1 double 2 7000", "r-1 add 2 7000"), serving.terms);
        end.outputs.close();
        End refused = new End();
        diamond().start(inputs, List.of("L"), new AsyncModel.Terms(10, 0, ""), refused);
        assertEquals("step of model 'inc' in ensemble 'e': priority 10 is not a level", refused.failure.getMessage());
        assertTrue(refused.failure.clientFault());
        assertEquals(0, serving.open);
    }

    @Test
    void cancelTakesWaitingStepsOutOfTheirQueues() throws Exception {
        serving.deferred.addAll(Set.of("inc", "double"));
        End end = new End();
        AsyncModel.Run run =
                diamond().start(Map.of("I", FakeServing.IntTensor.of(5)), List.of("O"), AsyncModel.Terms.NONE, end);
        serving.waiting.remove().run();
        assertEquals(0, end.told);
        run.cancel();
        assertEquals(List.of("double"), serving.cancelled);
        assertEquals(1, end.told);
        assertEquals("the request to ensemble 'e' was cancelled", end.failure.getMessage());
        assertEquals(List.of("inc", "double"), serving.opened);
        assertEquals(0, serving.open);
        run.cancel();
        assertEquals(1, end.told);
    }

    @Test
    void itsTimeIsThatOfItsSteps() throws Exception {
        End end = run(diamond(), 5, "O");
        assertEquals(List.of(30L, 300L), List.of(end.inputNanos, end.inferNanos));
        assertEquals(3, serving.taken);
        end.outputs.close();
    }

    @Test
    void ensemblesOfEnsembles() throws Exception {
        AsyncModel inner = diamond();
        serving.models.put("inner", in -> {
            try (Outputs outputs = inner.run(Map.of("I", FakeServing.IntTensor.of(in.get("x"))), List.of("O"))) {
                return Map.of("y", outputs.tensors().get(0).buffer().getInt(0));
            }
        });
        AsyncModel outer = (AsyncModel) backend.load(
                source(List.of("I"), List.of("O"), step("inner", "I", "t"), step("inc", "t", "O")), Map.of());
        End end = run(outer, 5, "O");
        assertEquals(List.of(17), end.values());
        end.outputs.close();
        assertEquals(0, serving.open);
    }

    @Test
    void aCallerMayWaitForIt() throws Exception {
        try (Outputs outputs = diamond().run(Map.of("I", FakeServing.IntTensor.of(1)), List.of("L"))) {
            assertEquals(2, outputs.tensors().get(0).buffer().getInt(0));
        }
        serving.models.clear();
        InferenceException failure = assertThrows(
                InferenceException.class, () -> diamond().run(Map.of("I", FakeServing.IntTensor.of(1)), List.of("L")));
        assertTrue(failure.getMessage().contains("'inc'"), failure.getMessage());
    }

    @Test
    void versionsArePassedOn() throws Exception {
        AsyncModel fixed = (AsyncModel) backend.load(
                source(List.of("I"), List.of("O"), new EnsembleStep("inc", 7, Map.of("x", "I"), Map.of("y", "O"))),
                Map.of());
        run(fixed, 1, "O").outputs.close();
        assertEquals(List.of("inc/7"), serving.opened);
    }

    private void assertRefused(String why, ModelSource source) {
        ModelLoadException e = assertThrows(ModelLoadException.class, () -> backend.inspect(source));
        assertEquals(why, e.getMessage());
    }

    @Test
    void graphsThatCannotRunAreRefused() throws Exception {
        assertEquals(
                List.of("O"),
                backend
                        .inspect(source(List.of("I"), List.of("O"), step("inc", "I", "O")))
                        .signature()
                        .outputs()
                        .stream()
                        .map(TensorSpec::name)
                        .toList());
        assertRefused(
                "steps wait for each other in a cycle: inc (b -> a), double (a -> b)",
                source(
                        List.of("I"),
                        List.of("O"),
                        step("inc", "b", "a"),
                        step("double", "a", "b"),
                        step("inc", "I", "O")));
        assertRefused(
                "tensor \"z\" for input \"x\" of model inc is no input of the ensemble and no step makes it",
                source(List.of("I"), List.of("O"), step("inc", "z", "O")));
        assertRefused("no step makes the output \"P\"", source(List.of("I"), List.of("P"), step("inc", "I", "O")));
        assertRefused(
                "tensor \"O\" has two makers; one of them is the step of model double",
                source(List.of("I"), List.of("O"), step("inc", "I", "O"), step("double", "I", "O")));
        assertRefused("ensemble_scheduling of config.pbtxt has no step", source(List.of("I"), List.of("O")));
    }

    @Test
    void memoryIsUsedAgainUpToALimit() {
        MemoryPool pool = new MemoryPool(3000);
        Tensor first = pool.tensor(DataType.INT32, Shape.of(2), 8);
        assertEquals(8, first.buffer().remaining());
        first.buffer().putInt(0, 42);
        first.close();
        first.close();
        assertEquals(1024, pool.kept());
        assertThrows(IllegalStateException.class, first::buffer);
        Tensor again = pool.tensor(DataType.INT32, Shape.of(1), 4);
        assertEquals(42, again.buffer().getInt(0));
        assertEquals(0, pool.kept());
        Stream.of(again, pool.tensor(DataType.INT8, Shape.of(1025), 1025), pool.tensor(DataType.INT8, Shape.of(0), 0))
                .forEach(Tensor::close);
        assertTrue(pool.kept() <= 3000);
    }
}
