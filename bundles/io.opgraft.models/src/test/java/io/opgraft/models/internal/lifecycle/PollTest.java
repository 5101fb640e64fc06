package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.internal.repository.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the repository in poll mode; the clock moves only when the test says so. */
class PollTest {
    @TempDir
    Path directory;

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server(directory).model("a", 1).start(ControlMode.POLL);
    }

    private void poll() {
        server.worker.advance(Server.POLL);
    }

    private List<String> names() {
        return server.models.list().stream().map(ModelStatus::name).toList();
    }

    @Test
    void unchangedModelsStayAsTheyAre() {
        for (int i = 0; i < 5; i++) {
            poll();
        }
        assertEquals(1, server.backend.loaded.size());
    }

    @Test
    void newModelIsTakenWhenTwoLooksSeeTheSame() throws Exception {
        server.model("b", 1);
        poll();
        assertEquals(List.of("a"), names());

        // Still being copied.
        Files.writeString(server.repository.resolve("b/1/weights"), "half");
        poll();
        assertEquals(List.of("a"), names());
        Files.writeString(server.repository.resolve("b/1/weights"), "whole file");
        poll();
        assertEquals(List.of("a"), names());

        poll();
        assertEquals(List.of("a", "b"), names());
        assertTrue(server.models.get("b").ready());
        assertEquals(2, server.backend.loaded.size());
    }

    @Test
    void changedModelIsRebuilt() throws Exception {
        Files.setLastModifiedTime(server.repository.resolve("a/1/model.fake"), FileTime.fromMillis(1000));
        poll();
        assertEquals(1, server.backend.loaded.size());
        poll();
        assertEquals(2, server.backend.loaded.size());
        assertEquals(1, server.backend.open());
        poll();
        poll();
        assertEquals(2, server.backend.loaded.size());
    }

    @Test
    void otherVersionsAreNotRebuilt() throws Exception {
        server.config("a", "version_policy { all { } }");
        poll();
        poll();
        assertEquals(2, server.backend.loaded.size());
        server.model("a", 2);
        poll();
        poll();
        assertEquals(3, server.backend.loaded.size());
        assertEquals(2, server.models.get("a").versions().size());
    }

    @Test
    void removedModelGoes() throws Exception {
        Files.delete(server.repository.resolve("a/1/model.fake"));
        Files.delete(server.repository.resolve("a/1"));
        Files.delete(server.repository.resolve("a"));
        poll();
        assertEquals(List.of("a"), names());
        poll();
        assertEquals(List.of(), names());
        assertEquals(0, server.backend.open());
        assertThrows(UnknownModelException.class, () -> server.lease("a"));

        server.model("a", 1);
        poll();
        poll();
        assertTrue(server.models.get("a").ready());
    }

    @Test
    void unreadableRepositoryLeavesItsModelsServing() throws Exception {
        Path aside = directory.resolve("aside");
        Files.move(server.repository, aside);
        poll();
        poll();
        assertTrue(server.models.get("a").ready());
        Files.move(aside, server.repository);
        poll();
        poll();
        assertTrue(server.models.get("a").ready());
        assertEquals(1, server.backend.loaded.size());
    }

    @Test
    void brokenChangeLeavesTheOldServingUntilItIsMended() throws Exception {
        server.config("a", "nonsense: 1");
        poll();
        poll();
        assertEquals(State.READY, server.version("a", 1).state());
        assertTrue(server.models.get("a").explanation().toString().contains("unknown field \"nonsense\""));
        Files.delete(server.repository.resolve("a/config.pbtxt"));
        poll();
        poll();
        assertTrue(server.models.get("a").explanation().isEmpty());
    }

    @Test
    void modelInTwoRepositoriesIsExplainedAndComesBack() throws Exception {
        Server two = new Server(directory.resolve("x")).model("m", 1);
        Path other = Files.createDirectories(directory.resolve("x/other"));
        two.models = new ModelsImpl(
                new Settings(ControlMode.POLL, List.of(), Server.POLL, two.state),
                new Repository(List.of(two.repository, other)),
                two.ops(),
                two.index::isActive,
                Server.GRACE,
                two.worker,
                new ManualWorker());
        two.models.backendAdded(two.backend);
        two.models.start();
        assertTrue(two.models.get("m").ready());
        Files.createDirectories(other.resolve("m"));
        two.worker.advance(Server.POLL * 2);
        assertTrue(two.models.get("m").explanation().toString().startsWith("Model m is in two repositories: "));
        assertEquals(State.READY, two.version("m", 1).state());
        Files.delete(other.resolve("m"));
        two.worker.advance(Server.POLL * 2);
        assertTrue(two.models.get("m").explanation().isEmpty());
    }
}
