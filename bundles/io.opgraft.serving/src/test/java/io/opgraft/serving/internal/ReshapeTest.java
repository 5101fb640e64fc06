package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.Scheduling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReshapeTest {
    private final FakeModel model = new FakeModel(1);

    private static ModelMetadata metadata(Shape client, Shape own) {
        return new ModelMetadata(
                "m",
                1,
                "fake",
                8,
                List.of(new TensorSpec("IN", DataType.INT32, client), new TensorSpec("MORE", DataType.INT32, client)),
                List.of(new TensorSpec("OUT", DataType.INT32, client), new TensorSpec("NEG", DataType.INT32, own)),
                "{}",
                new ModelOptions(
                        Scheduling.PLAIN,
                        Set.of("MORE"),
                        Map.of("IN", own),
                        Map.of("OUT", own),
                        Map.of(),
                        false,
                        Map.of()));
    }

    private LeasedRequest request(ModelMetadata metadata) {
        VersionQueue queue = new VersionQueue(metadata, FakeThreads.SETTINGS, new FakeThreads());
        return new LeasedRequest(model.lease(metadata), queue, new BytesInFlight(0), null);
    }

    @Test
    void theModelSeesItsOwnShapeAndTheClientItsOwn() throws Exception {
        ModelMetadata metadata = metadata(Shape.of(-1), Shape.of(-1, 1));
        Shape[] seen = new Shape[1];
        model.work = inputs -> seen[0] = inputs.get("IN").shape();
        try (LeasedRequest request = request(metadata)) {
            request.input("IN", DataType.INT32, Shape.of(3), 12);
            Answer answer = new Answer();
            answer.completed(request.run(List.of("NEG", "OUT")));
            assertEquals(Shape.of(3, 1), seen[0]);
            assertEquals(Shape.of(3, 1), answer.outputs.tensors().get(0).shape());
            assertEquals(Shape.of(3), answer.outputs.tensors().get(1).shape());
        }
        assertEquals(0, model.open.get());
    }

    @Test
    void openDimensionsKeepTheirOrder() throws Exception {
        TensorSpec spec = new TensorSpec("IN", DataType.INT32, Shape.of(-1, 2, -1, -1));
        ModelMetadata metadata = metadata(spec.shape(), Shape.of(-1, -1, -1, 2));
        assertEquals(Shape.of(1, 5, 7, 2), Reshapes.input(metadata, spec, Shape.of(1, 2, 5, 7)));
    }

    @Test
    void whatCannotBeReshapedIsRefused() {
        try (LeasedRequest request = request(metadata(Shape.of(-1, -1), Shape.of(-1, 4)))) {
            InferenceException fault = assertThrows(
                    InferenceException.class, () -> request.input("IN", DataType.INT32, Shape.of(1, 3), 12));
            assertEquals(
                    "shape [1,3] of input 'IN' for model 'm' cannot be reshaped to [-1,4] as its configuration says",
                    fault.getMessage());
        }
        assertEquals(0, model.open.get());
    }

    @Test
    void missingInputsAreNamedAndOptionalOnesCounted() throws Exception {
        try (LeasedRequest request = request(metadata(Shape.of(-1), Shape.of(-1, 1)))) {
            request.input("MORE", DataType.INT32, Shape.of(3), 12);
            InferenceException e = assertThrows(InferenceException.class, () -> request.run(List.of()));
            assertEquals(
                    "expected number of inputs between 1 and 2 but got 1 inputs for model 'm'. Got input(s) ['MORE'], but "
                            + "missing required input(s) ['IN']. Please provide all required input(s).",
                    e.getMessage());
        }
    }
}
