package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

class RunTest {
    /** Outputs sum and difference of a and b, in the order of the graph. */
    private static LoadedModel sums() throws Exception {
        GraphDef graph = Graphs.graph(
                Graphs.placeholder("a", DataType.DT_FLOAT),
                Graphs.placeholder("b", DataType.DT_FLOAT),
                Graphs.node("sum", "AddV2", "a", "b")
                        .putAttr("T", Graphs.type(DataType.DT_FLOAT))
                        .build(),
                Graphs.node("difference", "Sub", "a", "b")
                        .putAttr("T", Graphs.type(DataType.DT_FLOAT))
                        .build());
        return Lab.BACKEND.load(Lab.source(Graphs.write(graph), Map.of()), Map.of());
    }

    private static float first(Tensor tensor) {
        return tensor.buffer().getFloat();
    }

    @Test
    void outputsComeInTheOrderAskedFor() throws Exception {
        try (LoadedModel model = sums();
                Tensor a = Lab.floats(model, 5);
                Tensor b = Lab.floats(model, 3)) {
            Map<String, Tensor> inputs = Map.of("a", a, "b", b);
            try (Outputs outputs = model.run(inputs, List.of("difference", "sum"))) {
                assertEquals(2, first(outputs.tensors().get(0)));
                assertEquals(8, first(outputs.tensors().get(1)));
            }
            try (Outputs outputs = model.run(inputs, List.of("difference"))) {
                assertEquals(1, outputs.tensors().size());
                assertEquals(2, first(outputs.tensors().get(0)));
            }
        }
    }

    @Test
    void wrongInputsAndOutputsAreTheClientsFault() throws Exception {
        try (LoadedModel model = sums();
                Tensor a = Lab.floats(model, 1, 2);
                Tensor b = Lab.floats(model, 1, 2, 3)) {
            fault("input \"b\" is missing", model, Map.of("a", a), "sum");
            fault("input \"c\" is unknown", model, Map.of("a", a, "b", a, "c", a), "sum");
            fault("output \"product\" is unknown", model, Map.of("a", a, "b", a), "product");
            fault("Incompatible shapes: [2] vs. [3]", model, Map.of("a", a, "b", b), "sum");
            try (Outputs outputs = model.run(Map.of("a", a, "b", a), List.of("sum"))) {
                assertEquals(2, first(outputs.tensors().get(0)));
            }
        }
    }

    private static void fault(String message, LoadedModel model, Map<String, Tensor> inputs, String output) {
        InferenceException e = assertThrows(InferenceException.class, () -> model.run(inputs, List.of(output)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.clientFault(), e.getMessage());
    }

    @Test
    void errorsOfCustomOpsNameTheOpAsItsAuthorDid() throws Exception {
        OpScope scope = Lab.doubling("errors 1.0.0");
        try (LoadedModel model =
                Lab.BACKEND.load(Lab.source(Graphs.write(Graphs.scaled()), Map.of()), Map.of("LabScale", scope))) {
            InferenceException client = assertThrows(InferenceException.class, () -> Lab.run(model, "y", -1));
            assertTrue(client.clientFault());
            assertTrue(client.getMessage().contains("LabScale takes no negative numbers"), client.getMessage());
            assertFalse(client.getMessage().contains(">"), client.getMessage());
            InferenceException server = assertThrows(InferenceException.class, () -> Lab.run(model, "y", 12345));
            assertFalse(server.clientFault());
            assertArrayEquals(new float[] {4}, Lab.run(model, "y", 2));
        }
    }

    @Test
    void tensorsAreWrittenAndReadWithoutACopy() throws Exception {
        try (LoadedModel model = sums();
                Tensor a = Lab.floats(model, 1)) {
            a.buffer().putFloat(7);
            assertEquals(7, a.buffer().getFloat());
            assertTrue(a.buffer().isDirect());
            assertEquals(0, a.buffer().position());
            assertEquals(4, a.buffer().limit());
        }
    }
}
