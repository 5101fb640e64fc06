package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Lease;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.UnknownModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models loaded with another configuration or other files than the repository has. */
class OverrideTest {
    @TempDir
    Path directory;

    private static LoadOverride config(String json) {
        return new LoadOverride(json, Map.of());
    }

    private static LoadOverride files(String path, String content) {
        return new LoadOverride("{}", Map.of(path, content.getBytes(StandardCharsets.UTF_8)));
    }

    private static int batch(Server server) throws Exception {
        try (Lease lease = server.lease("a")) {
            return lease.metadata().maxBatchSize();
        }
    }

    @Test
    void givenConfigurationHoldsUntilAPlainLoad() throws Exception {
        Server server = new Server(directory)
                .model("a", 1)
                .config("a", "max_batch_size: 8 parameters { key: \"K\" value { string_value: \"v\" } }")
                .start(ControlMode.EXPLICIT, "a");
        server.models.load("a", config("{\"max_batch_size\":\"16\"}"));
        assertEquals(16, batch(server));
        assertTrue(server.version("a", 1).metadata().config().contains("\"parameters\":{}"));
        server.models.load("a", config("{\"max_batch_size\":\"16\"}"));
        assertEquals(2, server.backend.loaded.size());
        server.models.load("a");
        assertEquals(8, batch(server));
        assertEquals(1, server.backend.open());
    }

    @Test
    void unloadAndRestartForgetIt() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.EXPLICIT);
        server.models.load("a", config("{\"max_batch_size\":16}"));
        server.models.unload("a");
        server.models.load("a");
        assertEquals(4, batch(server));
        server.models.load("a", config("{\"max_batch_size\":16}"));
        assertEquals(4, batch(new Server(directory).start(ControlMode.EXPLICIT)));
    }

    @Test
    void wrongConfigurationLeavesTheOldServing() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.EXPLICIT, "a");
        ModelNotReadyException e = assertThrows(
                ModelNotReadyException.class, () -> server.models.load("a", config("{\"max_batch_sise\":16}")));
        assertEquals(
                "failed to load 'a': the given configuration of model a: field max_batch_sise is unknown.",
                e.getMessage());
        assertThrows(ModelNotReadyException.class, () -> server.models.load("a", config("{\"name\":\"b\"}")));
        assertEquals(4, batch(server));
        server.models.load("a");
        assertTrue(server.models.get("a").explanation().isEmpty());
    }

    @Test
    void otherModesAndUnknownModelsAreRefused() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.NONE);
        assertThrows(ControlRefusedException.class, () -> server.models.load("a", config("{}")));
        Server explicit = new Server(directory).start(ControlMode.EXPLICIT);
        assertThrows(UnknownModelException.class, () -> explicit.models.load("no", config("{}")));
    }

    @Test
    void filesAreRefusedUnlessAllowed() throws Exception {
        Server server = new Server(directory).model("a", 1).start(ControlMode.EXPLICIT, "a");
        ControlRefusedException e =
                assertThrows(ControlRefusedException.class, () -> server.models.load("a", files("1/model.fake", "")));
        assertTrue(e.getMessage().startsWith("failed to load 'a', files given in the request are refused by this"));
        assertFalse(Files.exists(server.state.resolve("overrides")));
    }

    @Test
    void allowedFilesTakeThePlaceOfTheRepositorys() throws Exception {
        Server server = new Server(directory).model("a", 1);
        server.fileOverrides = true;
        server.start(ControlMode.EXPLICIT, "a");
        server.models.load("a", files("5/model.fake", "# other"));
        assertEquals(State.READY, server.version("a", 5).state());
        assertEquals(1, server.models.get("a").versions().size());
        assertThrows(ModelNotReadyException.class, () -> server.models.load("a", files("6/model.fake", "broken")));
        try (Lease lease = server.lease("a")) {
            assertEquals(5, lease.metadata().version());
        }
        server.models.load("a");
        assertEquals(State.READY, server.version("a", 1).state());
        assertEquals(1, server.backend.open());
        try (Stream<Path> left = Files.list(server.state.resolve("overrides"))) {
            assertEquals(0, left.count());
        }
        assertThrows(
                ControlRefusedException.class,
                () -> server.models.load("a", new LoadOverride(null, Map.of("1/model.fake", new byte[0]))));
    }

    @Test
    void allowedFilesMayBeAWholeModelUntilItIsUnloaded() throws Exception {
        Server server = new Server(directory).model("a", 1);
        server.fileOverrides = true;
        server.start(ControlMode.EXPLICIT, "a");
        server.models.load("new", files("3/model.fake", ""));
        assertEquals(State.READY, server.version("new", 3).state());
        server.models.load("new", files("4/model.fake", ""));
        assertEquals(4, server.models.get("new").versions().get(0).version());
        assertThrows(UnknownModelException.class, () -> server.models.load("new", config("{}")));
        assertThrows(UnknownModelException.class, () -> server.models.load("new"));
        assertTrue(server.models.get("new").ready());
        server.models.unload("new");
        assertThrows(UnknownModelException.class, () -> server.models.get("new"));
        assertEquals(1, server.models.list().size());
        assertEquals(1, server.backend.open());
        try (Stream<Path> left = Files.list(server.state.resolve("overrides"))) {
            assertEquals(0, left.count());
        }
        server.models.load("new", files("1/model.fake", ""));
        assertTrue(server.models.get("new").ready());
        assertThrows(UnknownModelException.class, () -> server.models.load(".new", files("1/model.fake", "")));
        assertThrows(
                UnknownModelException.class,
                () -> new Server(directory).start(ControlMode.EXPLICIT).models.get("new"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/x",
                "../x",
                "1/../../x",
                "1//x",
                ".hidden",
                "1/x\0",
                "1\\x",
                "a/",
                "1/%2e%2e",
                "..",
                "~"
            })
    void filesCannotLeaveTheModel(String path) throws Exception {
        Server server = new Server(directory).model("a", 1);
        server.fileOverrides = true;
        server.start(ControlMode.EXPLICIT, "a");
        assertThrows(ControlRefusedException.class, () -> server.models.load("a", files(path, "x")));
        assertFalse(Files.exists(server.state.resolve("overrides")));
    }
}
