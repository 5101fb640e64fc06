package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.BackendStatus;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.internal.fake.FakeBackend;
import io.opgraft.models.internal.fake.FakeModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends that come and go, and the end of the server. */
class BackendChangeTest {
    @TempDir
    Path directory;

    private String explanation(String config) throws Exception {
        Server server = new Server(directory).model("m", 1).config("m", config).create(ControlMode.NONE);
        server.models.start();
        assertEquals(
                Kind.BACKEND_UNAVAILABLE,
                server.version("m", 1).explanation().reasons().get(0).kind());
        assertEquals(State.WAITING, server.version("m", 1).state());
        return server.version("m", 1).explanation().toString();
    }

    @Test
    void missingBackendIsNamedWithItsFeature() throws Exception {
        assertEquals(
                "Model m needs the backend tensorflow, which is not installed. Start the server with the feature "
                        + "tensorflow.",
                explanation("backend: \"tensorflow\""));
        assertEquals(
                "Model m has the platform tensorflow_savedmodel, whose backend tensorflow is not installed. Start the "
                        + "server with the feature tensorflow.",
                explanation("platform: \"tensorflow_savedmodel\""));
        assertEquals(
                "Model m has the platform caffe2_netdef, which no installed backend serves. Installed backends: none.",
                explanation("platform: \"caffe2_netdef\""));
    }

    @Test
    void missingBackendIsGuessedFromTheFiles() throws Exception {
        Server server = new Server(directory).model("m", 1).create(ControlMode.NONE);
        Files.writeString(server.repository.resolve("m/1/model.onnx"), "");
        server.models.start();
        assertEquals(
                "Model m has a model.onnx, whose backend onnxruntime is not installed. Start the server with the feature "
                        + "onnxruntime.",
                server.version("m", 1).explanation().toString());
    }

    @Test
    void waitingModelBecomesReadyWhenItsBackendArrives() throws Exception {
        Server server = new Server(directory).model("m", 1).create(ControlMode.NONE);
        server.models.start();
        assertEquals(State.WAITING, server.version("m", 1).state());
        assertFalse(server.models.ready());
        server.models.backendAdded(server.backend);
        assertEquals(State.READY, server.version("m", 1).state());
        assertTrue(server.models.ready());
    }

    @Test
    void backendThatCannotRunSaysWhy() throws Exception {
        Server server = new Server(directory).model("m", 1);
        server.backend.status = new BackendStatus(false, "no natives for this machine. Install the fragment.");
        server.start(ControlMode.NONE);
        assertEquals(
                "Model m needs the backend fake, which cannot run: no natives for this machine. Install the fragment.",
                server.version("m", 1).explanation().toString());
    }

    @Test
    void contradictionOfBackendAndPlatformIsAConfigurationError() throws Exception {
        Server server = new Server(directory)
                .model("m", 1)
                .config("m", "backend: \"fake\" platform: \"tensorrt_plan\"")
                .start(ControlMode.NONE);
        assertEquals(
                "Field platform of model m is \"tensorrt_plan\", which backend fake does not serve. Correct one of the "
                        + "fields platform and backend in config.pbtxt.",
                server.version("m", 1).explanation().toString());
        assertEquals(State.FAILED, server.version("m", 1).state());
    }

    @Test
    void twoBackendsThatRecognizeTheFilesAskForTheField() throws Exception {
        Server server = new Server(directory).model("m", 1);
        server.create(ControlMode.NONE);
        server.models.backendAdded(new FakeBackend());
        server.models.backendAdded(new FakeBackend());
        server.models.start();
        assertEquals(
                "Several backends can serve model m: fake and fake. Set the field backend in config.pbtxt to one of "
                        + "them.",
                server.version("m", 1).explanation().toString());
    }

    @Test
    void departingBackendTakesItsModelsWithItAndANewOneServesThemAgain() throws Exception {
        Server server = new Server(directory).model("m", 1).start(ControlMode.NONE);
        server.models.backendRemoved(server.backend, 10_000);
        assertEquals(State.WAITING, server.version("m", 1).state());
        assertEquals(0, server.backend.open());
        assertThrows(ModelNotReadyException.class, () -> server.lease("m"));

        FakeBackend next = new FakeBackend();
        server.models.backendAdded(next);
        assertEquals(State.READY, server.version("m", 1).state());
        assertEquals(1, next.open());
    }

    @Test
    @Timeout(60)
    void departureOfABackendWaitsForTheRequestsUnderWay() throws Exception {
        Server server = new Server(directory).model("m", 1).start(ControlMode.NONE);
        Lease lease = server.lease("m");
        CountDownLatch returned = new CountDownLatch(1);
        Thread departure = new Thread(() -> {
            server.models.backendRemoved(server.backend, 60_000);
            returned.countDown();
        });
        departure.start();
        while (server.models.get("m").ready()) {
            Thread.onSpinWait();
        }
        assertEquals(1, returned.getCount());
        assertFalse(server.backend.loaded.get(0).isClosed());
        lease.close();
        assertTrue(returned.await(30, TimeUnit.SECONDS));
        assertTrue(server.backend.loaded.get(0).isClosed());
    }

    @Test
    void stopRefusesRequestsAndFreesAll() throws Exception {
        Server server = new Server(directory).model("m", 1).model("n", 1).start(ControlMode.EXPLICIT, "*");
        server.models.stop(10_000);
        assertEquals(0, server.backend.open());
        assertFalse(server.models.ready());
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.lease("m"));
        assertEquals("The server is stopping", e.getMessage());

        server.models.backendRemoved(server.backend, 10_000);
        server.changed("AddSub");
        server.models.stop(10_000);
        assertEquals(2, server.backend.loaded.size());
        for (FakeModel model : server.backend.loaded) {
            assertEquals(1, model.closes());
        }
    }

    @Test
    void instanceInUseAtTheEndOfTheStopIsNotFreedUnderARequest() throws Exception {
        Server server = new Server(directory).model("m", 1).start(ControlMode.NONE);
        Lease lease = server.lease("m");
        server.models.stop(1);
        assertFalse(server.backend.loaded.get(0).isClosed());
        lease.close();
    }
}
