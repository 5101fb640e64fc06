package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.internal.fake.FakeModel;
import io.opgraft.ops.OpProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Op libraries that come, go and change while models serve. */
class OpChangeTest {
    @TempDir
    Path directory;

    @Test
    void waitingModelBecomesReadyWhenTheOpArrives() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.NONE);
        assertEquals(State.WAITING, server.version("m", 1).state());
        assertFalse(server.models.ready());
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.lease("m"));
        assertEquals(
                "Model 'm' is not ready: Op AddSub of model m is not available: no installed bundle provides it. "
                        + "Put a bundle that provides it into the deploy folder.",
                e.getMessage());

        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.changed("AddSub");

        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertTrue(server.models.ready());
    }

    @Test
    void updateSwitchesAndDrainsTheOldInstanceByLease() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);
        Lease old = server.lease("m");

        server.index.remove(7);
        server.index.add(7, "acme", "1.1.0", "AddSub");
        server.changed("AddSub");

        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
        assertEquals("AddSub=acme/1.0.0", old.wiring().toString());
        assertFalse(server.backend.loaded.get(0).isClosed());
        old.close();
        old.close();
        assertEquals(1, server.backend.loaded.get(0).closes());
        assertFalse(server.backend.loaded.get(1).isClosed());
    }

    @Test
    void changesOfOtherOpsAndEqualWiringsRebuildNothing() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").model("n", 1, "Clip");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.index.add(8, "clip", "1.0.0", "Clip");
        server.start(ControlMode.NONE);
        int opened = server.backend.opened.size();

        server.index.add(9, "other", "1.0.0", "Other");
        server.changed("Other");
        assertEquals(opened, server.backend.opened.size());
        server.changed("AddSub");
        assertEquals(2, server.backend.loaded.size());
    }

    @Test
    void failedBuildLeavesTheOldInstanceServing() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);
        server.backend.loadFailure = "out of memory";

        server.index.add(8, "acme", "1.1.0", "AddSub");
        server.changed("AddSub");

        VersionStatus status = server.version("m", 1);
        assertEquals(State.READY, status.state());
        assertEquals(
                "Model m version 1 cannot be loaded: out of memory. Put that right, then load the model again.",
                status.explanation().toString());
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        server.worker.advance(Server.GRACE * 2);
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));

        server.backend.loadFailure = null;
        server.changed("AddSub");
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
        assertTrue(server.version("m", 1).explanation().isEmpty());
    }

    @Test
    void lostOpIsServedThroughTheGraceAndThenRetired() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);

        server.index.stop(7);
        server.changed("AddSub");
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(
                Kind.BUNDLE_STOPPED,
                server.version("m", 1).explanation().reasons().get(0).kind());

        server.worker.advance(Server.GRACE - 1);
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        server.worker.advance(1);
        assertEquals(State.WAITING, server.version("m", 1).state());
        assertEquals(0, server.backend.open());
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.lease("m"));
        assertEquals(
                "Model 'm' is not ready: Op AddSub of model m is not available: acme/1.0.0 is installed, but bundle 7 is "
                        + "not started. Start it in the shell: start 7.",
                e.getMessage());
    }

    @Test
    void opThatIsBackWithinTheGraceChangesNothing() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);

        server.index.stop(7);
        server.changed("AddSub");
        server.worker.advance(Server.GRACE - 1);
        server.index.remove(7);
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.changed("AddSub");
        server.worker.advance(Server.GRACE * 2);

        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(1, server.backend.loaded.size());
        assertTrue(server.version("m", 1).explanation().isEmpty());
    }

    @Test
    void activeBundleInAVersionThatDoesNotFitLeavesTheOldServing() throws Exception {
        Server server = new Server(directory)
                .model("m", 1, "AddSub")
                .config("m", "model_operations { op_library_filename: \"acme;version='[1.0,2.0)'\" }");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);

        server.index.stop(7);
        server.changed("AddSub");
        server.index.remove(7);
        server.index.add(7, "acme", "2.0.0", "AddSub");
        server.changed("AddSub");
        server.worker.advance(Server.GRACE * 2);

        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(
                "Op AddSub of model m is not available: acme/2.0.0 is installed, but config.pbtxt asks for [1.0,2.0). "
                        + "Deploy acme 1.x, or widen the range in model_operations.",
                server.version("m", 1).explanation().toString());
    }

    @Test
    void lostOpFallsBackToAnotherVersionAtOnce() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.index.add(8, "acme", "1.1.0", "AddSub");
        server.start(ControlMode.NONE);
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));

        server.index.remove(8);
        server.changed("AddSub");
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(1, server.backend.open());
    }

    @Test
    void aSecondBundleThatFitsLeavesTheFirstServingAndAsksForAPin() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);
        server.index.add(8, "other", "3.1.0", "AddSub");
        server.changed("AddSub");

        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(
                Kind.AMBIGUOUS,
                server.version("m", 1).explanation().reasons().get(0).kind());
    }

    @Test
    void opsThatShowWhileLoadingAreResolvedToo() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub", "late Clip");
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);
        assertEquals(
                "Op Clip of model m is not available: no installed bundle provides it. "
                        + "Put a bundle that provides it into the deploy folder.",
                server.version("m", 1).explanation().toString());

        server.index.add(8, "clip", "1.0.0", "Clip");
        server.changed("Clip");
        assertEquals("AddSub=acme/1.0.0,Clip=clip/1.0.0", server.wiring("m"));
        assertEquals(2, server.version("m", 1).requiredOps().size());
    }

    @Test
    void signatureThatShowsWhileLoadingCompletesTheConfiguration() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub", "late Clip");
        server.backend.lateSignature = new Signature(
                List.of(new TensorSpec("LATE", DataType.FP32, Shape.of(-1, 4))),
                List.of(new TensorSpec("OUT", DataType.FP32, Shape.of(-1, 4))));
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.index.add(8, "clip", "1.0.0", "Clip");
        server.start(ControlMode.NONE);
        assertEquals("AddSub=acme/1.0.0,Clip=clip/1.0.0", server.wiring("m"));
        FakeModel loaded = server.backend.loaded.get(0);
        assertEquals("LATE", loaded.source().inputs().get(0).name());
        assertEquals(4, loaded.source().maxBatchSize());
        assertEquals(1, server.backend.open());
    }

    @Test
    void signatureThatShowsWhileLoadingIsComparedWithTheConfiguration() throws Exception {
        Server server = new Server(directory)
                .model("m", 1, "AddSub")
                .config(
                        "m",
                        """
                        max_batch_size: 0
                        input { name: "STATED" data_type: TYPE_FP32 dims: [ 4 ] }
                        output { name: "OUT" data_type: TYPE_FP32 dims: [ 4 ] }
                        """);
        server.backend.lateSignature = new Signature(
                List.of(new TensorSpec("LATE", DataType.FP32, Shape.of(4))),
                List.of(new TensorSpec("OUT", DataType.FP32, Shape.of(4))));
        server.index.add(7, "acme", "1.0.0", "AddSub");
        server.start(ControlMode.NONE);
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.lease("m"));
        assertTrue(
                e.getMessage().contains("input \"STATED\" is not in the model, whose inputs are LATE."),
                e.getMessage());
        assertEquals(List.of(), server.backend.loaded);
    }

    @Test
    void replacementOnTrialIsWaitedForBeyondTheGrace() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.index.remove(7);
        server.index.add(8, "acme", "1.1.0", OpProvider.State.CHECKING, "", "AddSub");
        server.changed("AddSub");
        server.worker.advance(Server.GRACE * 3);
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        server.deploy(8, "acme", "1.1.0", "AddSub");
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
    }

    @Test
    void uninstallDuringTheTrialEndsTheGrace() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.index.remove(7);
        server.index.add(8, "acme", "1.1.0", OpProvider.State.CHECKING, "", "AddSub");
        server.changed("AddSub");
        server.worker.advance(Server.GRACE * 3);
        server.index.remove(8);
        server.changed("AddSub");
        server.worker.advance(Server.GRACE);
        assertEquals(State.WAITING, server.version("m", 1).state());
        assertEquals(0, server.backend.open());
    }

    @Test
    void updateThereAndBackServesWhatCameLast() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.NONE);
        for (String version : new String[] {"1.0.0", "1.1.0", "1.0.0"}) {
            server.deploy(7, "acme", version, "AddSub");
            assertEquals("AddSub=acme/" + version, server.wiring("m"));
        }
        assertEquals(1, server.backend.open());
        assertEquals(3, server.models.changes().history("m").size());
    }

    @Test
    void updateDuringABuildIsBuiltNext() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.backend.onLoad = () -> {
            server.backend.onLoad = () -> {};
            server.deploy(7, "acme", "1.2.0", "AddSub");
        };
        server.deploy(7, "acme", "1.1.0", "AddSub");
        assertEquals("AddSub=acme/1.2.0", server.wiring("m"));
        assertEquals(3, server.backend.loaded.size());
        assertEquals(1, server.backend.open());
    }
}
