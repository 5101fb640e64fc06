package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ensembles wait for the models of their steps. */
class EnsembleTest {
    private static final String TENSORS = "input { name: \"I\" data_type: TYPE_INT32 dims: [ 16 ] } "
            + "output { name: \"O\" data_type: TYPE_INT32 dims: [ 16 ] } max_batch_size: 4 ";

    @TempDir
    Path directory;

    private static String step(String model, String in, String from, String out, String to) {
        return "step { model_name: \"" + model + "\" model_version: -1 input_map { key: \"" + in + "\" value: \"" + from
                + "\" } output_map { key: \"" + out + "\" value: \"" + to + "\" } } ";
    }

    private static Server ensemble(Server server, String name, String tensors, String... steps) throws IOException {
        Files.createDirectories(server.repository.resolve(name).resolve("1"));
        return server.config(
                name, "platform: \"ensemble\" " + tensors + "ensemble_scheduling { " + String.join("", steps) + "}");
    }

    private Server server() throws IOException {
        return new Server(directory);
    }

    private static void start(Server server, ControlMode mode, String... load) {
        server.create(mode, load);
        server.models.backendAdded(server.backend);
        server.models.start();
    }

    @Test
    void itIsBuiltAfterItsModelsWhateverTheOrderOfTheNames() throws Exception {
        Server server = server().model("z", 1);
        ensemble(server, "b", TENSORS, step("z", "IN", "I", "OUT", "O"));
        ensemble(server, "a", TENSORS, step("b", "I", "I", "O", "t"), step("z", "IN", "t", "OUT", "O"));
        start(server, ControlMode.NONE);
        assertTrue(server.models.get("a").ready());
        assertTrue(server.models.ready());
        assertTrue(server.models.started().toCompletableFuture().isDone());
    }

    @Test
    void itWaitsForAMissingModelAndBecomesReadyWithIt() throws Exception {
        Server server = server().model("y", 1);
        ensemble(server, "e", TENSORS, step("y", "IN", "I", "OUT", "t"), step("z", "IN", "t", "OUT", "O"));
        start(server, ControlMode.POLL);
        assertEquals(State.WAITING, server.version("e", 1).state());
        assertEquals(
                "Ensemble e needs model z, which is not ready. The ensemble becomes ready when that model does.",
                server.version("e", 1).explanation().toString());
        server.model("z", 1);
        server.worker.advance(3 * Server.POLL);
        assertEquals(State.READY, server.version("e", 1).state());
    }

    @Test
    void loadingItLoadsItsModels() throws Exception {
        Server server = server().model("y", 1).model("z", 1);
        ensemble(server, "e", TENSORS, step("y", "IN", "I", "OUT", "t"), step("z", "IN", "t", "OUT", "O"));
        start(server, ControlMode.EXPLICIT);
        server.models.load("e");
        assertTrue(server.models.get("e").ready());
        assertTrue(server.models.get("y").ready());
    }

    @Test
    void loadingItNamesTheModelThatIsNotThere() throws Exception {
        Server server = server().model("y", 1);
        ensemble(server, "e", TENSORS, step("y", "IN", "I", "OUT", "t"), step("z", "IN", "t", "OUT", "O"));
        start(server, ControlMode.EXPLICIT);
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.models.load("e"));
        assertTrue(e.getMessage().contains("needs model z, which is not loaded"), e.getMessage());
        assertEquals(
                List.of("e", "y"),
                server.models.list().stream().map(m -> m.name()).toList());
    }

    @Test
    void whatDoesNotFitIsNamed() throws Exception {
        Server server = server().model("z", 1);
        ensemble(server, "a", TENSORS, step("z", "X", "I", "OUT", "O"));
        ensemble(server, "b", TENSORS, step("z", "IN", "I", "Y", "O"));
        ensemble(
                server,
                "c",
                TENSORS.replace("\"I\" data_type: TYPE_INT32", "\"I\" data_type: TYPE_FP32"),
                step("z", "IN", "I", "OUT", "O"));
        start(server, ControlMode.NONE);
        assertFailed(server, "a", "gives tensor \"I\" to input \"X\" of model z, which takes only IN");
        assertFailed(server, "a", "gives no tensor to input \"IN\" of model z");
        assertFailed(server, "b", "takes output \"Y\" of model z, which gives only OUT");
        assertFailed(server, "c", "gives tensor \"I\" of FP32 to input \"IN\" of model z, which takes INT32");
    }

    private static void assertFailed(Server server, String model, String why) throws Exception {
        assertEquals(State.FAILED, server.version(model, 1).state());
        assertEquals(
                Kind.CONFIGURATION,
                server.version(model, 1).explanation().reasons().get(0).kind());
        String text = server.version(model, 1).explanation().toString();
        assertTrue(text.contains(why), text);
    }

    private static List<String> ready(Server server) {
        return server.models.list().stream()
                .filter(m -> m.ready())
                .map(m -> m.name())
                .toList();
    }

    private static long loads(Server server, String model) {
        return server.backend.loaded.stream()
                .filter(m -> m.source().name().equals(model))
                .count();
    }

    /** Ensemble a runs ensemble e, which runs y and z. */
    private Server nested(ControlMode mode) throws Exception {
        Server server = server().model("y", 1).model("z", 1);
        ensemble(server, "a", TENSORS, step("e", "I", "I", "O", "O"));
        ensemble(server, "e", TENSORS, step("y", "IN", "I", "OUT", "t"), step("z", "IN", "t", "OUT", "O"));
        start(server, mode, "a");
        assertEquals(List.of("a", "e", "y", "z"), ready(server));
        return server;
    }

    @Test
    void itGoesWithAModelOfAStepSaysWhyAndComesBackWithIt() throws Exception {
        Server server = nested(ControlMode.EXPLICIT);
        server.models.unload("z");
        assertEquals(List.of("y"), ready(server));
        assertEquals(State.WAITING, server.version("e", 1).state());
        assertEquals(
                "Ensemble e needs model z, which is not loaded. The ensemble becomes ready when that model does.",
                server.version("e", 1).explanation().toString());
        assertEquals(
                "Ensemble a needs model e, which is not ready. The ensemble becomes ready when that model does.",
                server.version("a", 1).explanation().toString());
        ModelNotReadyException e =
                assertThrows(ModelNotReadyException.class, () -> server.models.acquire("a", OptionalLong.empty()));
        assertTrue(e.getMessage().contains("needs model e, which is not ready"), e.getMessage());
        server.models.load("z");
        assertEquals(List.of("a", "e", "y", "z"), ready(server));
        assertTrue(server.version("e", 1).explanation().isEmpty());
        server.models.acquire("a", OptionalLong.empty()).close();
    }

    @Test
    void itGoesWithAModelWhoseOpIsGoneAfterTheGrace() throws Exception {
        Server server = server().model("z", 1, "AddSub");
        ensemble(server, "e", TENSORS, step("z", "IN", "I", "OUT", "O"));
        start(server, ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        assertEquals(List.of("e", "z"), ready(server));
        server.index.remove(7);
        server.changed("AddSub");
        assertEquals(List.of("e", "z"), ready(server));
        server.worker.advance(Server.GRACE);
        assertEquals(List.of(), ready(server));
        assertTrue(server.version("e", 1).explanation().toString().contains("needs model z, which is not ready"));
        server.deploy(7, "acme", "1.0.0", "AddSub");
        assertEquals(List.of("e", "z"), ready(server));
    }

    @Test
    void itGoesWhenPollingFindsAModelOfAStepRemoved() throws Exception {
        Server server = nested(ControlMode.POLL);
        Files.delete(server.repository.resolve("z/1/model.fake"));
        Files.delete(server.repository.resolve("z/1"));
        Files.delete(server.repository.resolve("z"));
        server.worker.advance(3 * Server.POLL);
        assertEquals(List.of("y"), ready(server));
        server.model("z", 1);
        server.worker.advance(3 * Server.POLL);
        assertEquals(List.of("a", "e", "y", "z"), ready(server));
    }

    @Test
    void aNewInstanceOfAStepChangesNothing() throws Exception {
        Server server = nested(ControlMode.EXPLICIT);
        server.models.load("z", new LoadOverride("{\"max_batch_size\": 2}", Map.of()));
        assertEquals(2, loads(server, "z"));
        assertEquals(1, loads(server, "e"));
        assertEquals(List.of("a", "e", "y", "z"), ready(server));
    }

    @Test
    void aModelThatNoLongerFitsTakesItAway() throws Exception {
        Server server = server().model("z", 1);
        ensemble(server, "e", TENSORS, step("z", "IN", "I", "OUT", "O"));
        start(server, ControlMode.EXPLICIT, "e");
        Signature before = server.backend.signature;
        server.backend.signature =
                new Signature(List.of(new TensorSpec("OTHER", DataType.INT32, Shape.of(-1, 16))), before.outputs());
        Files.setLastModifiedTime(server.repository.resolve("z/1/model.fake"), FileTime.fromMillis(1000));
        server.models.load("z");
        assertFailed(server, "e", "gives tensor \"I\" to input \"IN\" of model z, which takes only OTHER");
        server.backend.signature = before;
        Files.setLastModifiedTime(server.repository.resolve("z/1/model.fake"), FileTime.fromMillis(2000));
        server.models.load("z");
        assertEquals(List.of("e", "z"), ready(server));
    }

    @Test
    void aConfigurationThatLacksAModelIsNotTaken() throws Exception {
        Server server = server().model("z", 1);
        ensemble(server, "e", TENSORS, step("z", "IN", "I", "OUT", "O"));
        start(server, ControlMode.EXPLICIT, "e");
        ensemble(server, "e", TENSORS, step("ghost", "IN", "I", "OUT", "O"));
        assertThrows(ModelNotReadyException.class, () -> server.models.load("e"));
        assertEquals(State.READY, server.version("e", 1).state());
        ensemble(server, "e", TENSORS, step("z", "IN", "I", "OUT", "O"));
        server.models.load("e");
        server.models.unload("z");
        assertEquals(State.WAITING, server.version("e", 1).state());
    }
}
