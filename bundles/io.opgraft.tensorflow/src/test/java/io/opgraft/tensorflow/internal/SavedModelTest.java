package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;

class SavedModelTest {
    /** x goes through outer, which calls inner, which holds the custom op. */
    private static GraphDef nested() {
        GraphDef.Builder graph = Graphs.graph(
                Graphs.placeholder("x", DataType.DT_FLOAT),
                Graphs.call("c", "outer", "x"),
                Graphs.identity("y", DataType.DT_FLOAT, "c"))
                .toBuilder();
        graph.getLibraryBuilder()
                .addFunction(Graphs.function("outer", "c2:output:0", Graphs.call("c2", "inner", "x")))
                .addFunction(Graphs.function(
                        "inner", "s:y:0", Graphs.node("s", "LabScale", "x").build()));
        return graph.build();
    }

    private static List<String> ops(ModelDescription description) {
        return description.requirements().stream().map(OpRequirement::op).toList();
    }

    @Test
    void opsInNestedFunctionsAreFoundAndBound() throws Exception {
        ModelSource source = Lab.source(Graphs.writeSavedModel(nested()), Map.of());
        ModelDescription description = Lab.BACKEND.inspect(source);
        assertEquals("tensorflow_savedmodel", description.platform());
        assertEquals(List.of("LabScale"), ops(description));
        assertEquals("x", description.signature().inputs().get(0).name());
        assertEquals(Shape.of(-1), description.signature().inputs().get(0).shape());
        OpScope doubling = Lab.doubling("nested 1.0.0");
        OpScope tenfold = Lab.tenfold("nested 2.0.0");
        assertEquals(List.of(), doubling.mismatches(description.requirements().get(0)));
        try (LoadedModel two = Lab.BACKEND.load(source, Map.of("LabScale", doubling));
                LoadedModel ten = Lab.BACKEND.load(source, Map.of("LabScale", tenfold))) {
            ScopeTest.together(thread -> {
                for (int i = 0; i < 300; i++) {
                    assertArrayEquals(new float[] {2f * i}, Lab.run(two, "y", i));
                    assertArrayEquals(new float[] {10f * i + 0.5f}, Lab.run(ten, "y", i));
                }
            });
        }
    }

    @Test
    void aWhileLoopRunsItsBodysOp() throws Exception {
        GraphDef.Builder graph = Graphs.graph(
                Graphs.placeholder("x", DataType.DT_FLOAT),
                Graphs.node("w", "While", "x")
                        .putAttr("T", Graphs.types(DataType.DT_FLOAT))
                        .putAttr("cond", Graphs.func("small"))
                        .putAttr("body", Graphs.func("body"))
                        .build(),
                Graphs.identity("y", DataType.DT_FLOAT, "w"))
                .toBuilder();
        graph.getLibraryBuilder()
                .addFunction(Graphs.isBelow("small", 100))
                .addFunction(Graphs.function(
                        "body", "s:y:0", Graphs.node("s", "LabScale", "x").build()));
        ModelSource source = Lab.source(Graphs.writeSavedModel(graph.build()), Map.of());
        assertEquals(List.of("LabScale"), ops(Lab.BACKEND.inspect(source)));
        try (LoadedModel model = Lab.BACKEND.load(source, Map.of("LabScale", Lab.tenfold("loop 1.0.0")))) {
            assertArrayEquals(new float[] {505.5f}, Lab.run(model, "y", 5));
        }
        // Twice zero never reaches the limit of this loop, so only the time limit ends the warm-up with zeros.
        Settings hasty = new Settings(Lab.DATA, Settings.defaultCache(), 1, 1, true, 200);
        try (LoadedModel model =
                new TensorFlowBackend(hasty).load(source, Map.of("LabScale", Lab.doubling("loop 2.0.0")))) {
            assertArrayEquals(new float[] {160}, Lab.run(model, "y", 5));
        }
    }

    @Test
    void aModelsOwnFunctionHidesAnOpOfItsName() throws Exception {
        GraphDef.Builder graph = Graphs.graph(
                Graphs.placeholder("x", DataType.DT_FLOAT),
                Graphs.call("c", "LabScale", "x"),
                Graphs.identity("y", DataType.DT_FLOAT, "c"))
                .toBuilder();
        graph.getLibraryBuilder()
                .addFunction(Graphs.function("LabScale", "i:output:0", Graphs.identity("i", DataType.DT_FLOAT, "x")));
        ModelSource source = Lab.source(Graphs.writeSavedModel(graph.build()), Map.of());
        assertEquals(List.of(), ops(Lab.BACKEND.inspect(source)));
        try (LoadedModel model = Lab.BACKEND.load(source, Map.of())) {
            assertArrayEquals(new float[] {5}, Lab.run(model, "y", 5));
        }
    }

    @Test
    void boundCopiesAreLinksAndGoWithTheModel() throws Exception {
        Path folder = Graphs.writeSavedModel(nested());
        Path original = folder.resolve("model.savedmodel");
        Files.writeString(Files.createDirectories(original.resolve("assets")).resolve("words.txt"), "a b");
        byte[] before = Files.readAllBytes(original.resolve("saved_model.pb"));
        ModelSource source = Lab.source(folder, Map.of());
        LoadedModel model = Lab.BACKEND.load(source, Map.of("LabScale", Lab.doubling("links 1.0.0")));
        try (var bound = Files.list(Lab.SETTINGS.bound())) {
            List<Path> folders = bound.toList();
            assertEquals(1, folders.size());
            assertTrue(Files.isSymbolicLink(folders.get(0).resolve("assets")));
            assertEquals("a b", Files.readString(folders.get(0).resolve("assets/words.txt")));
        }
        model.close();
        try (var bound = Files.list(Lab.SETTINGS.bound())) {
            assertEquals(List.of(), bound.toList());
        }
        assertTrue(Files.exists(original.resolve("assets/words.txt")));
        assertArrayEquals(before, Files.readAllBytes(original.resolve("saved_model.pb")));
    }

    @Test
    void copiesThatAKilledServerLeftAreDeleted() throws Exception {
        Path data = Lab.folder();
        Path left = Files.createDirectories(data.resolve("bound/m-1-1"));
        Path target = Files.createDirectories(data.resolve("model"));
        Files.createSymbolicLink(left.resolve("assets"), target);
        Settings settings = new Settings(data, Settings.defaultCache(), 1, 1, true, 30_000);
        assertTrue(new TensorFlowBackend(settings).status().available());
        assertTrue(Files.notExists(left));
        assertTrue(Files.exists(target));
        // Only once: from now on the copies belong to models of this server.
        Files.createDirectories(left);
        assertTrue(new TensorFlowBackend(settings).status().available());
        assertTrue(Files.exists(left));
    }

    @Test
    void attributesThatNameAnOpAreRequirements() {
        GraphDef.Builder graph = Graphs.graph(
                Graphs.call("a", "LabScale", "x"), Graphs.call("b", "mine", "x"), Graphs.call("c", "Square", "x"))
                .toBuilder();
        graph.getLibraryBuilder().addFunction(Graphs.function("mine", "x"));
        OpNames names = new OpNames(graph.build());
        assertTrue(Lab.BACKEND.status().available());
        var core = TensorFlow.allOps().getOpList().stream()
                .filter(op -> op.getName().indexOf(TensorFlow.PRIVATE_MARK) < 0)
                .collect(java.util.stream.Collectors.toMap(op -> op.getName(), op -> op));
        assertEquals(
                List.of("LabScale"),
                names.requirements(core, Map.of()).stream().map(Requirement::op).toList());
        GraphDef renamed = names.renamed(Map.of("LabScale", "P>LabScale", "mine", "P>mine"));
        assertEquals(
                List.of("P>LabScale", "mine", "Square"),
                renamed.getNodeList().stream()
                        .map(node -> node.getAttrOrThrow("f").getFunc().getName())
                        .toList());
    }

    @Test
    void unboundOpsAreNamed() throws Exception {
        ModelSource source = Lab.source(Graphs.writeSavedModel(nested()), Map.of());
        ModelLoadException e = assertThrows(ModelLoadException.class, () -> Lab.BACKEND.load(source, Map.of()));
        assertTrue(e.getMessage().contains("LabScale"), e.getMessage());
    }

    @Test
    void signaturesAndTagsAreChosenByParameters() throws Exception {
        GraphDef graph = Graphs.graph(
                Graphs.placeholder("x", DataType.DT_FLOAT),
                Graphs.identity("y", DataType.DT_FLOAT, "x"),
                Graphs.node("z", "Square", "x")
                        .putAttr("T", Graphs.type(DataType.DT_FLOAT))
                        .build());
        MetaGraphDef.Builder meta = Graphs.metaGraph(graph)
                .putSignatureDef("plain", Graphs.signature("x:0", "y:0"))
                .putSignatureDef("square", Graphs.signature("x:0", "z:0"));
        Path folder = Graphs.write(meta);
        String message = refused(Lab.source(folder, Map.of()));
        assertTrue(message.contains("\"plain\", \"square\"") && message.contains("TF_SIGNATURE_DEF"), message);
        assertTrue(
                refused(Lab.source(folder, Map.of("TF_SIGNATURE_DEF", "cube"))).contains("\"cube\""));
        message = refused(Lab.source(folder, Map.of("TF_GRAPH_TAG", "train")));
        assertTrue(message.contains("\"train\"") && message.contains("\"serve\""), message);
        ModelSource square = Lab.source(folder, Map.of("TF_SIGNATURE_DEF", "square", "TF_GRAPH_TAG", "serve"));
        try (LoadedModel model = Lab.BACKEND.load(square, Map.of())) {
            assertArrayEquals(new float[] {9}, Lab.run(model, "y", 3));
        }
    }

    @Test
    void filesThatCannotBeServedAreNamed() throws Exception {
        Path folder = Lab.folder();
        assertTrue(refused(Lab.source(folder, Map.of())).contains("model.savedmodel"));
        Path model = Files.createDirectories(folder.resolve("model.savedmodel"));
        assertTrue(refused(Lab.source(folder, Map.of())).contains("saved_model.pb"));
        Files.write(model.resolve("saved_model.cpb"), new byte[1]);
        assertTrue(refused(Lab.source(folder, Map.of())).contains("chunked"));
        Files.write(model.resolve("saved_model.pb"), new byte[] {1, 2, 3});
        assertTrue(refused(Lab.source(folder, Map.of())).contains("saved_model.pb cannot be read"));
    }

    private static String refused(ModelSource source) {
        return assertThrows(ModelLoadException.class, () -> Lab.BACKEND.inspect(source))
                .getMessage();
    }

    @Test
    void recognizesItsFiles() throws Exception {
        assertTrue(Lab.BACKEND.recognizes(Graphs.writeSavedModel(nested())));
        assertTrue(Lab.BACKEND.recognizes(Graphs.write(Graphs.scaled())));
        assertFalse(Lab.BACKEND.recognizes(Lab.folder()));
        assertTrue(Lab.BACKEND.status().available());
        assertEquals("TensorFlow 2.18.0", Lab.BACKEND.status().detail());
        assertNull(Types.shape(org.tensorflow.proto.TensorShapeProto.newBuilder()
                .setUnknownRank(true)
                .build()));
    }
}
