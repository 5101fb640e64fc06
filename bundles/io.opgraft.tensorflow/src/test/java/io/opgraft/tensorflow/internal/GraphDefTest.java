package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Signature;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

class GraphDefTest {
    private static final TensorSpec[] NONE = {};

    private static final TensorSpec[] INPUTS = {
        new TensorSpec("b", DataType.FP32, null), new TensorSpec("x", DataType.FP32, null)
    };
    private static final TensorSpec[] OUTPUTS = {new TensorSpec("y", DataType.FP32, null)};

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

    /** y = x + b, where b is 2.5 unless it is fed. */
    private static Path withDefault() throws Exception {
        org.tensorflow.proto.DataType type = org.tensorflow.proto.DataType.DT_FLOAT;
        AttrValue shape = AttrValue.newBuilder()
                .setShape(TensorShapeProto.newBuilder().setUnknownRank(true))
                .build();
        TensorProto value = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(TensorShapeProto.getDefaultInstance())
                .addFloatVal(2.5f)
                .build();
        return Graphs.write(Graphs.graph(
                Graphs.placeholder("x", type),
                Graphs.node("c", "Const")
                        .putAttr("dtype", Graphs.type(type))
                        .putAttr(
                                "value", AttrValue.newBuilder().setTensor(value).build())
                        .build(),
                Graphs.node("b", "PlaceholderWithDefault", "c")
                        .putAttr("dtype", Graphs.type(type))
                        .putAttr("shape", shape)
                        .build(),
                Graphs.node("y", "AddV2", "x", "b")
                        .putAttr("T", Graphs.type(type))
                        .build()));
    }

    @Test
    void inputWithADefaultMayBeLeftOut() throws Exception {
        try (LoadedModel model = Lab.BACKEND.load(Lab.source(withDefault(), INPUTS, OUTPUTS), Map.of())) {
            assertArrayEquals(new float[] {3.5f, 4.5f}, Lab.run(model, "y", 1, 2));
            try (Tensor x = Lab.floats(model, 1, 2);
                    Tensor b = Lab.floats(model, 10, 20);
                    Outputs outputs = model.run(Map.of("x", x, "b", b), List.of("y"))) {
                assertEquals(22f, outputs.tensors().get(0).buffer().getFloat(4));
            }
            try (Tensor b = Lab.floats(model, 10)) {
                InferenceException e =
                        assertThrows(InferenceException.class, () -> model.run(Map.of("b", b), List.of("y")));
                assertEquals("input \"x\" is missing", e.getMessage());
                assertTrue(e.clientFault());
            }
        }
    }

    @Test
    void threadsOfAModelAreItsOwn() throws Exception {
        Settings own = Lab.SETTINGS.with(Map.of("TF_NUM_INTER_THREADS", "3", "TF_NUM_INTRA_THREADS", "2"));
        assertEquals(3, own.interOpThreads());
        assertEquals(2, own.intraOpThreads());
        assertTrue(own.ownThreads() && !own.runOnCaller());
        assertEquals(Lab.SETTINGS, Lab.SETTINGS.with(Map.of("TF_SIGNATURE_DEF", "x")));
        assertTrue(
                Lab.SETTINGS.with(Map.of("TF_USE_PER_SESSION_THREADS", "True")).ownThreads());
        Path folder = withDefault();
        ModelSource source = new ModelSource(
                "m", 1, folder, "", "", 0, List.of(INPUTS), List.of(OUTPUTS), Map.of("TF_NUM_INTER_THREADS", "3"));
        try (LoadedModel model = Lab.BACKEND.load(source, Map.of())) {
            assertArrayEquals(new float[] {3.5f}, Lab.run(model, "y", 1));
        }
        for (String wrong : List.of("-1", "many", "5000", "")) {
            ModelLoadException e = assertThrows(
                    ModelLoadException.class, () -> Lab.SETTINGS.with(Map.of("TF_NUM_INTRA_THREADS", wrong)));
            assertEquals(
                    "the parameter TF_NUM_INTRA_THREADS is \"" + wrong
                            + "\", but must be a number from 0, for one thread per processor, to 1024",
                    e.getMessage());
        }
    }

    @Test
    void instancesOnAGpuAreRefused() throws Exception {
        InstanceGroup gpu = new InstanceGroup(InstanceGroup.Kind.GPU, 1, List.of(), List.of());
        ModelSource source = new ModelSource(
                "m", 1, withDefault(), "", "", 0, List.of(), List.of(), Map.of(), List.of(gpu), List.of());
        assertTrue(refused(source).contains("KIND_GPU"));
    }
}
