package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.UnknownModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models are loaded at start and by request, and what a restart brings back. */
class ControlModeTest {
    @TempDir
    Path directory;

    private static List<String> ready(Server server) {
        return server.models.list().stream()
                .filter(ModelStatus::ready)
                .map(ModelStatus::name)
                .toList();
    }

    @Test
    void noneLoadsAllAtStartAndRefusesControl() throws Exception {
        Server server = new Server(directory).model("b", 1).model("a", 1).create(ControlMode.NONE);
        assertFalse(server.models.started().toCompletableFuture().isDone());
        server.models.backendAdded(server.backend);
        server.models.start();
        assertTrue(server.models.started().toCompletableFuture().isDone());
        assertEquals(List.of("a", "b"), ready(server));
        assertTrue(server.models.ready());
        ControlRefusedException e = assertThrows(ControlRefusedException.class, () -> server.models.load("a"));
        assertEquals(
                "explicit model load / unload is not allowed, start the server with --model-control-mode explicit",
                e.getMessage());
        assertThrows(ControlRefusedException.class, () -> server.models.unload("a"));
    }

    @Test
    void modelsAreShownAsLoadingBeforeTheFirstIsBuilt() throws Exception {
        Server server = new Server(directory).model("a", 1).model("b", 1);
        List<State> states = new ArrayList<>();
        server.backend.onLoad = () ->
                server.models.list().forEach(m -> states.add(m.versions().get(0).state()));
        server.start(ControlMode.NONE);
        assertEquals(List.of(State.LOADING, State.LOADING, State.READY, State.LOADING), states);
    }

    @Test
    void pollRefusesControl() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.POLL);
        ControlRefusedException e = assertThrows(ControlRefusedException.class, () -> server.models.load("a"));
        assertEquals("explicit model load / unload is not allowed if polling is enabled", e.getMessage());
    }

    @Test
    void explicitLoadsWhatIsNamed() throws Exception {
        Server server = new Server(directory).model("a", 1).model("b", 1).start(ControlMode.EXPLICIT, "b");
        assertEquals(List.of("b"), ready(server));
        assertEquals(2, server.models.list().size());
        assertFalse(server.models.get("a").askedFor());
        UnknownModelException e = assertThrows(UnknownModelException.class, () -> server.lease("a"));
        assertEquals("Request for unknown model: 'a' is not found", e.getMessage());
        assertThrows(UnknownModelException.class, () -> server.models.get("c"));
    }

    @Test
    void starLoadsAll() throws Exception {
        Server server = new Server(directory).model("a", 1).model("b", 1).start(ControlMode.EXPLICIT, "*");
        assertEquals(List.of("a", "b"), ready(server));
    }

    @Test
    void aServerWithoutModelsIsReadyOnceItHasLooked() throws Exception {
        for (ControlMode mode : ControlMode.values()) {
            Server server = new Server(directory).create(mode);
            assertFalse(server.models.ready());
            server.models.start();
            assertTrue(server.models.ready());
        }
    }

    @Test
    void nameWithoutAModelIsExplainedAndKeepsTheServerUnready() throws Exception {
        Server server = new Server(directory).start(ControlMode.EXPLICIT, "ghost");
        assertFalse(server.models.ready());
        assertEquals(
                "No model repository holds a model ghost. Put it into a repository and load it.",
                server.models.get("ghost").explanation().toString());
        server.model("ghost", 1);
        server.models.load("ghost");
        assertTrue(server.models.ready());
    }

    @Test
    void loadAndUnload() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.EXPLICIT);
        server.models.load("a");
        Lease lease = server.lease("a");
        server.models.load("a");
        assertEquals(1, server.backend.loaded.size());

        server.models.unload("a");
        assertEquals(State.UNLOADING, server.version("a", 1).state());
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.lease("a"));
        assertEquals("Request for unknown model: 'a' is not loaded", e.getMessage());
        lease.close();
        assertEquals(State.UNLOADED, server.version("a", 1).state());
        assertEquals(0, server.backend.open());

        server.models.load("a");
        assertEquals(List.of("a"), ready(server));
        assertEquals(1, server.backend.open());
    }

    @Test
    void unknownNamesAreRefusedWithTheWordsThatClientsLookFor() throws Exception {
        Server server = new Server(directory).start(ControlMode.EXPLICIT);
        UnknownModelException e = assertThrows(UnknownModelException.class, () -> server.models.load("../x"));
        assertEquals("failed to load '../x', no model repository holds a model of that name", e.getMessage());
        assertThrows(UnknownModelException.class, () -> server.models.unload("x"));
    }

    @Test
    void loadOfAModelThatLacksAnOpKeepsItAskedFor() throws Exception {
        Server server = new Server(directory).model("a", 1, "AddSub").start(ControlMode.EXPLICIT);
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.models.load("a"));
        assertEquals(
                "failed to load 'a': Op AddSub of model a is not available: no installed bundle provides it. Put a "
                        + "bundle that provides it into the deploy folder.",
                e.getMessage());
        server.index.add(1, "acme", "1.0.0", "AddSub");
        server.changed("AddSub");
        assertEquals("AddSub=acme/1.0.0", server.wiring("a"));
    }

    @Test
    void restartBringsBackWhatWasLoadedByRequest() throws Exception {
        Server first = new Server(directory)
                .model("a", 1)
                .model("b", 1)
                .model("c", 1, "AddSub")
                .start(ControlMode.EXPLICIT);
        first.models.load("a");
        first.models.load("b");
        assertThrows(ModelNotReadyException.class, () -> first.models.load("c"));
        first.models.unload("b");

        Server second = new Server(directory);
        second.index.add(1, "acme", "1.0.0", "AddSub");
        second.start(ControlMode.EXPLICIT);
        assertEquals(List.of("a", "c"), ready(second));
    }

    @Test
    void damagedStateLeavesOutWhatIsNoName() throws Exception {
        Server server = new Server(directory).model("a", 1);
        Files.createDirectories(server.state);
        Files.writeString(server.state.resolve("loaded-models"), "../../etc\na\n\n");
        Files.writeString(server.state.resolve("loaded-models.new"), "half");
        server.start(ControlMode.EXPLICIT);
        assertEquals(List.of("a"), ready(server));
    }

    @Test
    void changedFilesAreLoadedAnewAndAFailureLeavesTheOldServing() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.EXPLICIT, "a");
        server.config("a", "max_batch_size: 8");
        server.models.load("a");
        assertEquals(8, server.version("a", 1).metadata().maxBatchSize());

        server.config("a", "max_batch_sise: 9");
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.models.load("a"));
        assertTrue(e.getMessage().contains("unknown field \"max_batch_sise\""), e.getMessage());
        assertEquals(State.READY, server.version("a", 1).state());
        try (Lease lease = server.lease("a")) {
            assertEquals(8, lease.metadata().maxBatchSize());
        }

        server.config("a", "max_batch_size: 9");
        server.models.load("a");
        assertEquals(9, server.version("a", 1).metadata().maxBatchSize());
        assertTrue(server.models.get("a").explanation().isEmpty());
        assertEquals(1, server.backend.open());
    }

    @Test
    void newVersionReplacesTheOldOneOnceItIsReady() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.EXPLICIT, "a");
        server.model("a", 2, "AddSub");
        assertThrows(ModelNotReadyException.class, () -> server.models.load("a"));
        try (Lease lease = server.lease("a")) {
            assertEquals(1, lease.metadata().version());
        }
        server.index.add(1, "acme", "1.0.0", "AddSub");
        server.changed("AddSub");
        try (Lease lease = server.lease("a")) {
            assertEquals(2, lease.metadata().version());
        }
        assertThrows(UnknownModelException.class, () -> server.models.acquire("a", OptionalLong.of(1)));
        assertEquals(1, server.backend.open());
        assertEquals(1, server.models.get("a").versions().size());
    }

    @Test
    void allVersionsServeSideBySide() throws Exception {
        Server server = new Server(directory)
                .model("a", 1)
                .model("a", 2)
                .model("a", 10)
                .config("a", "version_policy { all { } }")
                .start(ControlMode.NONE);
        for (long version : new long[] {1, 2, 10}) {
            try (Lease lease = server.models.acquire("a", OptionalLong.of(version))) {
                assertEquals(version, lease.metadata().version());
            }
        }
        try (Lease lease = server.lease("a")) {
            assertEquals(10, lease.metadata().version());
        }
        UnknownModelException e =
                assertThrows(UnknownModelException.class, () -> server.models.acquire("a", OptionalLong.of(3)));
        assertEquals("Request for unknown model: 'a' has no version 3 that its policy selects", e.getMessage());
    }

    @Test
    void modelsThatCannotLoadSayWhy() throws Exception {
        Server server = new Server(directory)
                .model("broken", 1, "broken")
                .model("nofile", 1)
                .model("specific", 1)
                .config("specific", "version_policy { specific { versions: [ 1, 5 ] } }")
                .config("empty", "");
        Files.delete(server.repository.resolve("nofile/1/model.fake"));
        server.start(ControlMode.NONE);
        assertEquals(
                "Model broken version 1 cannot be loaded: model.fake is damaged. Put that right, then load the model again.",
                server.version("broken", 1).explanation().toString());
        assertEquals(State.FAILED, server.version("broken", 1).state());
        assertEquals(
                "Model empty has no version folder. Put its files into a folder named by a number, such as 1.",
                server.models.get("empty").explanation().toString());
        assertEquals(State.READY, server.version("specific", 1).state());
        assertEquals(
                "Version folder 5 of model specific does not exist. Make it, or take the version out of version_policy in config.pbtxt.",
                server.version("specific", 5).explanation().toString());
        assertEquals(
                "No installed backend recognizes the files of model nofile in version folder 1. Installed "
                        + "backends: fake. Set the field platform in config.pbtxt, or start the server with "
                        + "the backend's feature.",
                server.version("nofile", 1).explanation().toString());
    }
}
