package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;

class GraphDefTest {
    private static final TensorSpec[] NONE = {};

    @Test
    void endsAreInferredFromPlaceholdersAndSinks() throws Exception {
        Signature signature = Lab.BACKEND
                .inspect(Lab.source(Graphs.write(Graphs.scaled()), Map.of()))
                .signature();
        assertEquals(List.of(new TensorSpec("x", DataType.FP32, null)), signature.inputs());
        assertEquals("y", signature.outputs().get(0).name());
        assertEquals(DataType.FP32, signature.outputs().get(0).datatype());
        assertNull(signature.outputs().get(0).shape());
    }

    @Test
    void outputsOfACustomOpMustBeDeclared() throws Exception {
        GraphDef graph = Graphs.graph(
                Graphs.placeholder("x", org.tensorflow.proto.DataType.DT_FLOAT),
                Graphs.node("y", "LabScale", "x").build());
        Path folder = Graphs.write(graph);
        assertTrue(refused(Lab.source(folder, Map.of())).contains("declare the outputs"));
        ModelSource declared = Lab.source(folder, NONE, new TensorSpec[] {Lab.spec("y", DataType.FP32, 4)});
        assertEquals(
                List.of(Lab.spec("y", DataType.FP32, 4)),
                Lab.BACKEND.inspect(declared).signature().outputs());
        Lab.BACKEND
                .load(declared, Map.of("LabScale", Lab.doubling("declared 1.0.0")))
                .close();
        ModelSource wrong = Lab.source(folder, NONE, new TensorSpec[] {Lab.spec("y", DataType.INT32, 4)});
        ModelLoadException e = assertThrows(
                ModelLoadException.class,
                () -> Lab.BACKEND.load(wrong, Map.of("LabScale", Lab.doubling("declared 1.0.1"))));
        assertTrue(e.getMessage().contains("declared as INT32"), e.getMessage());
    }

    @Test
    void declaredEndsAreHeldAgainstTheGraph() throws Exception {
        Path folder = Graphs.write(Graphs.scaled());
        TensorSpec[] output = {Lab.spec("y", DataType.FP32, 4)};
        String message = refused(Lab.source(folder, new TensorSpec[] {Lab.spec("a", DataType.FP32, 4)}, output));
        assertTrue(message.contains("\"a\" is no node of the graph") && message.contains("x"), message);
        message = refused(Lab.source(folder, new TensorSpec[] {Lab.spec("x", DataType.INT32, 4)}, output));
        assertTrue(message.contains("declared as INT32, but is FP32"), message);
    }

    private static String refused(ModelSource source) {
        return assertThrows(ModelLoadException.class, () -> Lab.BACKEND.inspect(source))
                .getMessage();
    }
}
