package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.internal.fake.FakeOpIndex;
import io.opgraft.ops.OpBundleWriter;
import io.opgraft.ops.OpProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** Op bundles in the folders of models. */
class OwnOpsTest {
    @TempDir
    Path directory;

    private Server server;
    private final Map<String, Long> ids = new HashMap<>();
    private OpProvider.State next = OpProvider.State.ACTIVE;

    @BeforeEach
    void create() throws Exception {
        server = new Server(directory);
        server.bundles.listener = (location, here) -> {
            long id = ids.computeIfAbsent(location, l -> 100L + ids.size());
            if (here) {
                set(location, next);
            } else {
                server.index.remove(id);
            }
            if (server.models != null) {
                server.changed("AddSub");
            }
        };
    }

    /** What a framework would do with a private bundle. */
    private void set(String location, OpProvider.State state) {
        long id = ids.get(location);
        server.index.remove(id);
        OpProvider provider = server.index.addProbed(id, "mine", "1.0." + id, location, "", "AddSub");
        if (state != OpProvider.State.ACTIVE) {
            server.index.remove(id);
            OpProvider none = server.index.addProbed(id, "mine", "1.0." + id, location, "");
            server.index.remove(id);
            server.index.add(FakeOpIndex.as(state, "it crashed", state == OpProvider.State.REFUSED ? none : provider));
        }
    }

    private void jar(String model, String content) throws Exception {
        Path folder = Files.createDirectories(server.repository.resolve(model).resolve("ops"));
        new OpBundleWriter("mine", new Version(1, 0, 0))
                .header("Bundle-Name", content)
                .write(folder.resolve("mine.jar"));
    }

    private Kind reason(String model) throws Exception {
        return server.version(model, 1).explanation().reasons().get(0).kind();
    }

    @Test
    void bundlesTravelWithTheirModelAndServeNoOther() throws Exception {
        server.model("m", 1, "AddSub").model("n", 1, "AddSub");
        jar("m", "one");
        server.start(ControlMode.NONE);
        assertEquals("AddSub=mine/1.0.100", server.wiring("m"));
        assertEquals(State.WAITING, server.version("n", 1).state());
        assertEquals(Kind.PRIVATE_TO_ANOTHER_MODEL, reason("n"));
        assertTrue(server.version("n", 1).explanation().toString().contains("private to model m."));
    }

    @Test
    void aChangedBundleReplacesTheOldOneAfterTheSwitch() throws Exception {
        server.model("m", 1, "AddSub");
        jar("m", "one");
        server.start(ControlMode.POLL);
        String old = server.bundles.installed.keySet().iterator().next();
        jar("m", "two");
        server.worker.advance(2 * Server.POLL);
        assertEquals("AddSub=mine/1.0.101", server.wiring("m"));
        String now = server.bundles.installed.keySet().iterator().next();
        assertEquals(List.of("+" + old, "+" + now, "-" + old), server.bundles.calls);
        assertEquals(1, server.backend.open());

        Files.delete(server.repository.resolve("m/ops/mine.jar"));
        server.worker.advance(2 * Server.POLL);
        assertEquals("AddSub=mine/1.0.101", server.wiring("m"), "what serves goes on");
        assertEquals(1, server.bundles.installed.size(), "with its bundle");
        assertEquals(Kind.PRIVATE_TO_ANOTHER_MODEL, reason("m"));
        server.index.add(1, "deployed", "1.0.0", "AddSub");
        server.changed("AddSub");
        assertEquals("AddSub=deployed/1.0.0", server.wiring("m"));
        assertTrue(server.bundles.installed.isEmpty());
    }

    @Test
    void aChangedBundleThatIsOfNoUseLeavesTheOldOneServing() throws Exception {
        server.model("m", 1, "AddSub");
        jar("m", "one");
        server.start(ControlMode.POLL);
        next = OpProvider.State.REFUSED;
        jar("m", "two");
        server.worker.advance(2 * Server.POLL);
        assertEquals("AddSub=mine/1.0.100", server.wiring("m"));
        assertEquals(2, server.bundles.installed.size());
        assertEquals(Kind.LIBRARY_REFUSED, reason("m"));
        Files.writeString(server.repository.resolve("m/ops/mine.jar"), "damaged");
        server.worker.advance(2 * Server.POLL);
        assertEquals("AddSub=mine/1.0.100", server.wiring("m"));
        assertEquals(
                Kind.LOAD_FAILED,
                server.models.get("m").explanation().reasons().get(0).kind());
    }

    @Test
    void removedAndUnloadedModelsTakeTheirBundlesAlong() throws Exception {
        server.model("m", 1, "AddSub");
        jar("m", "one");
        server.start(ControlMode.EXPLICIT, "m");
        assertEquals(1, server.bundles.installed.size());
        server.models.unload("m");
        assertTrue(server.bundles.installed.isEmpty());
        server.models.load("m");
        assertEquals("AddSub=mine/1.0.100", server.wiring("m"));
    }

    @Test
    void aModelThatIsNotLoadedAnyMoreLosesItsLeftoversAtStart() throws Exception {
        server.model("m", 1, "AddSub");
        server.bundles.installed.put("opgraft-model:0000", new byte[0]);
        server.start(ControlMode.NONE);
        assertTrue(server.bundles.installed.isEmpty());
    }

    @Test
    void theFirstPassWaitsForTheTrialsOfOwnBundles() throws Exception {
        server.model("m", 1, "AddSub");
        jar("m", "one");
        next = OpProvider.State.CHECKING;
        server.start(ControlMode.NONE);
        assertEquals(State.LOADING, server.version("m", 1).state());
        assertTrue(!server.models.started().toCompletableFuture().isDone());
        set(server.bundles.installed.keySet().iterator().next(), OpProvider.State.ACTIVE);
        server.index.settle();
        assertTrue(server.models.started().toCompletableFuture().isDone());
        assertEquals("AddSub=mine/1.0.100", server.wiring("m"));
    }

    @Test
    void theEndOfATrialIsNoticedThoughNoOpCameOfIt() throws Exception {
        server.model("m", 1, "AddSub");
        server.start(ControlMode.POLL);
        jar("m", "one");
        next = OpProvider.State.CHECKING;
        server.worker.advance(2 * Server.POLL);
        assertEquals(Kind.LIBRARY_CHECKING, reason("m"));
        set(server.bundles.installed.keySet().iterator().next(), OpProvider.State.REFUSED);
        server.index.settle();
        assertEquals(Kind.LIBRARY_REFUSED, reason("m"));
    }

    @Test
    void aLoadByRequestWaitsForTheTrial() throws Exception {
        server.model("m", 1, "AddSub");
        jar("m", "one");
        server.start(ControlMode.EXPLICIT);
        next = OpProvider.State.CHECKING;
        server.index.onSettled =
                () -> server.bundles.installed.keySet().forEach(location -> set(location, OpProvider.State.ACTIVE));
        server.models.load("m");
        assertEquals("AddSub=mine/1.0.100", server.wiring("m"));
        server.models.unload("m");
        server.index.onSettled =
                () -> server.bundles.installed.keySet().forEach(location -> set(location, OpProvider.State.REFUSED));
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.models.load("m"));
        assertTrue(e.getMessage().contains("it crashed"), e.getMessage());
    }
}
