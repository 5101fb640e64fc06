package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.ChangeResult;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History, rollback, hold and release. */
class RollbackTest {
    @TempDir
    Path directory;

    private Server served(String... versions) throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.NONE);
        for (String version : versions) {
            server.deploy(7, "acme", version, "AddSub");
        }
        return server;
    }

    private Server restarted(String... versions) throws Exception {
        Server server = new Server(directory);
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            server.store.keep(server.index.add(99, "acme", version, "AddSub"));
            server.index.remove(99);
        }
        for (String version : versions) {
            server.index.remove(7);
            server.index.add(7, "acme", version, "AddSub");
        }
        return server.start(ControlMode.NONE);
    }

    private static List<String> history(Server server) throws Exception {
        return server.models.changes().history("m").stream()
                .map(e -> e.cause() + " " + e.detail() + ": " + e.wiring())
                .toList();
    }

    @Test
    void historyTellsEachWiringWithItsCause() throws Exception {
        Server server = served("1.0.0", "1.1.0");
        server.config("m", "max_batch_size: 8");
        Server second = restarted("1.1.0");
        assertEquals(
                List.of(
                        "OPS with acme/1.0.0: AddSub=acme/1.0.0",
                        "OPS update of bundle acme 1.0.0 -> 1.1.0: AddSub=acme/1.1.0",
                        "STARTED : AddSub=acme/1.1.0"),
                history(second));
        for (WiringChange change : second.models.changes().history("m")) {
            assertEquals(1, change.version());
        }
        assertThrows(UnknownModelException.class, () -> second.models.changes().history("nobody"));
        assertThrows(UnknownModelException.class, () -> second.models.changes().history("../held"));
    }

    @Test
    void rollbackGoesBackAndHoldsOverEverythingUntilRelease() throws Exception {
        Server server = served("1.0.0", "1.1.0");
        List<ChangeResult> results = server.models.changes().rollback("m");
        assertEquals(1, results.size());
        assertEquals("AddSub=acme/1.1.0", results.get(0).before().toString());
        assertEquals("AddSub=acme/1.0.0", results.get(0).after().toString());
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(1, server.backend.open());
        assertEquals("rollback of model m", server.version("m", 1).hold().by());

        server.deploy(7, "acme", "1.2.0", "AddSub");
        server.index.remove(7);
        server.changed("AddSub");
        server.worker.advance(Server.GRACE * 3);
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertTrue(server.version("m", 1).explanation().isEmpty());

        Server second = restarted("1.2.0");
        assertEquals("AddSub=acme/1.0.0", second.wiring("m"));
        assertNotNull(second.version("m", 1).hold());

        List<ChangeResult> released = second.models.changes().release("m");
        assertEquals("AddSub=acme/1.2.0", released.get(0).after().toString());
        assertEquals("AddSub=acme/1.2.0", second.wiring("m"));
        assertNull(second.version("m", 1).hold());
        assertEquals("AddSub=acme/1.2.0", restarted("1.2.0").wiring("m"));
        assertEquals(Cause.RELEASE, second.models.changes().history("m").get(4).cause(), () -> second.models
                .changes()
                .toString());
    }

    @Test
    void repeatedRollbackGoesBackStepByStep() throws Exception {
        Server server = served("1.0.0", "1.1.0", "1.2.0");
        server.models.changes().rollback("m");
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
        server.models.changes().rollback("m");
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        ChangeRefusedException e = assertThrows(
                ChangeRefusedException.class, () -> server.models.changes().rollback("m"));
        assertEquals(
                "Model m has nothing to go back to: its history knows no earlier wiring of the ops that it needs.",
                e.getMessage());
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
    }

    @Test
    void rollbackOfABundleMovesAllItsModelsAndOnlyItsOps() throws Exception {
        Server server = new Server(directory)
                .model("both", 1, "AddSub", "Clip")
                .model("clip", 1, "Clip")
                .model("plain", 1)
                .model("sum", 1, "AddSub")
                .start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.deploy(8, "clip", "1.0.0", "Clip");
        server.deploy(7, "acme", "1.1.0", "AddSub");
        server.deploy(8, "clip", "2.0.0", "Clip");

        List<ChangeResult> results = server.models.changes().rollbackBundle("acme");
        assertEquals(
                List.of("both", "sum"),
                results.stream().map(ChangeResult::model).toList());
        assertEquals("AddSub=acme/1.0.0,Clip=clip/2.0.0", server.wiring("both"));
        assertEquals("AddSub=acme/1.0.0", server.wiring("sum"));
        assertEquals("Clip=clip/2.0.0", server.wiring("clip"));
        assertEquals(
                "AddSub=acme/1.0.0", server.version("both", 1).hold().wiring().toString());

        server.deploy(8, "clip", "2.1.0", "Clip");
        server.deploy(7, "acme", "1.2.0", "AddSub");
        assertEquals("AddSub=acme/1.0.0,Clip=clip/2.1.0", server.wiring("both"));

        assertEquals(2, server.models.changes().releaseBundle("acme").size());
        assertEquals("AddSub=acme/1.2.0,Clip=clip/2.1.0", server.wiring("both"));
        assertEquals("AddSub=acme/1.2.0", server.wiring("sum"));
        assertThrows(ChangeRefusedException.class, () -> server.models.changes().releaseBundle("acme"));
        assertThrows(ChangeRefusedException.class, () -> server.models.changes().rollbackBundle("nobody"));
    }

    @Test
    void bundleThatIsGoneComesBackForTheModelsThatWaitForIt() throws Exception {
        Server server = served("1.0.0");
        server.index.remove(7);
        server.changed("AddSub");
        server.worker.advance(Server.GRACE);
        assertEquals(State.WAITING, server.version("m", 1).state());
        server.models.changes().rollbackBundle("acme");
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals("AddSub=acme/1.0.0", restarted().wiring("m"));
    }

    @Test
    void bundleWhosePlaceAnotherTookComesBack() throws Exception {
        Server server = served("1.0.0");
        server.index.remove(7);
        server.deploy(8, "other", "3.0.0", "AddSub");
        assertEquals("AddSub=other/3.0.0", server.wiring("m"));
        server.models.changes().rollbackBundle("acme");
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
    }

    @Test
    void failedRollbackLeavesTheOldServingAndHoldsNothing() throws Exception {
        Server server = served("1.0.0", "1.1.0");
        server.backend.loadFailure = "out of memory";
        ChangeRefusedException e = assertThrows(
                ChangeRefusedException.class, () -> server.models.changes().rollback("m"));
        assertEquals(
                "Model m version 1 cannot go back to AddSub=acme/1.0.0: Model m version 1 cannot be loaded: out of "
                        + "memory. Put that right, then load the model again.",
                e.getMessage());
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
        assertNull(server.version("m", 1).hold());
        List<ChangeResult> results = server.models.changes().rollbackBundle("acme");
        assertEquals("AddSub=acme/1.1.0", results.get(0).after().toString());
        assertTrue(results.get(0).explanation().toString().contains("out of memory"));
        server.backend.loadFailure = null;
        assertEquals("AddSub=acme/1.1.0", restarted("1.1.0").wiring("m"));
    }

    @Test
    void allVersionsOfAModelMoveOrNone() throws Exception {
        Server server = new Server(directory)
                .model("m", 1, "AddSub")
                .model("m", 2, "AddSub")
                .config("m", "version_policy { all { } }")
                .start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.deploy(7, "acme", "1.1.0", "AddSub");
        Files.writeString(server.repository.resolve("m/2/model.fake"), "AddSub\nbroken");
        server.backend.onLoad = () -> {
            if (server.backend.loaded.size() == 5) {
                throw new IllegalStateException("the second fails");
            }
        };
        assertThrows(ChangeRefusedException.class, () -> server.models.changes().rollback("m"));
        assertEquals("AddSub=acme/1.1.0", server.version("m", 1).wiring().toString());
        assertEquals(2, server.backend.open());
        server.backend.onLoad = () -> {};
        assertEquals(2, server.models.changes().rollback("m").size());
        assertEquals("AddSub=acme/1.0.0", server.version("m", 1).wiring().toString());
        assertEquals("AddSub=acme/1.0.0", server.version("m", 2).wiring().toString());
    }

    @Test
    void holdThatCannotBeStoredIsARefusal() throws Exception {
        Server server = served("1.0.0", "1.1.0");
        Files.createDirectories(server.state.resolve("held/in-the-way"));
        ChangeRefusedException e = assertThrows(
                ChangeRefusedException.class, () -> server.models.changes().rollback("m"));
        assertTrue(e.getMessage().startsWith("Model m does not go back, because that cannot be stored: "));
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
        assertEquals(1, server.backend.open());
    }

    @Test
    void libraryThatIsGoneIsExplainedAndHealsItself() throws Exception {
        served("1.0.0", "1.1.0").models.changes().rollback("m");
        Server server = new Server(directory);
        server.index.add(7, "acme", "1.1.0", "AddSub");
        server.start(ControlMode.NONE);
        assertEquals(State.WAITING, server.version("m", 1).state());
        assertEquals(
                Kind.HELD, server.version("m", 1).explanation().reasons().get(0).kind());
        assertTrue(server.version("m", 1).explanation().toString().contains("opgraft:release m"));
        server.deploy(8, "acme", "1.0.0", "AddSub");
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
    }

    @Test
    void damagedStateStartsAnew() throws Exception {
        Server server = served("1.0.0", "1.1.0");
        server.models.changes().rollback("m");
        Path history = server.state.resolve("history/m");
        String text = Files.readString(history);
        for (String damage :
                List.of("", text.substring(0, text.length() / 2), text.replace("1.0.0", "9.0.0"), "\0\0")) {
            Files.writeString(history, damage);
            Files.writeString(server.state.resolve("held"), damage);
            Server next = restarted("1.1.0");
            assertEquals("AddSub=acme/1.1.0", next.wiring("m"));
            assertEquals(List.of("STARTED with acme/1.1.0: AddSub=acme/1.1.0"), history(next));
        }
    }

    @Test
    void missingHistoryLeavesTheHold() throws Exception {
        Server server = served("1.0.0", "1.1.0");
        server.models.changes().rollback("m");
        Files.delete(server.state.resolve("history/m"));
        Server next = restarted("1.1.0");
        assertEquals("AddSub=acme/1.0.0", next.wiring("m"));
        assertThrows(ChangeRefusedException.class, () -> next.models.changes().rollback("m"));
    }

    @Test
    void changedFilesAreServedByAHeldModel() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.EXPLICIT, "m");
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.deploy(7, "acme", "1.1.0", "AddSub");
        server.models.changes().rollback("m");
        server.config("m", "max_batch_size: 8");
        server.models.load("m");
        assertEquals(8, server.version("m", 1).metadata().maxBatchSize());
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        server.index.remove(7);
        server.changed("AddSub");
        server.config("m", "nonsense: 1");
        assertThrows(Exception.class, () -> server.models.load("m"));
        server.worker.advance(Server.GRACE * 2);
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
    }

    @Test
    void refusalsNameWhatIsWrong() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub").start(ControlMode.EXPLICIT, "m");
        assertThrows(UnknownModelException.class, () -> server.models.changes().rollback("nobody"));
        assertThrows(ChangeRefusedException.class, () -> server.models.changes().rollback("m"));
        ChangeRefusedException e = assertThrows(
                ChangeRefusedException.class, () -> server.models.changes().release("m"));
        assertEquals("Model m is not held. opgraft:status lists what is.", e.getMessage());
        server.deploy(7, "acme", "1.0.0", "AddSub");
        e = assertThrows(
                ChangeRefusedException.class, () -> server.models.changes().rollbackBundle("acme"));
        assertEquals(
                "Bundle acme has nothing to go back to: the models that use it used nothing else before, as far as "
                        + "their history goes.",
                e.getMessage());
        server.models.unload("m");
        e = assertThrows(
                ChangeRefusedException.class, () -> server.models.changes().rollback("m"));
        assertEquals("Model m is not loaded. Load it first.", e.getMessage());
    }

    @Test
    void copiesThatCanBeGoneBackToAreKept() throws Exception {
        Server server = served("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0");
        server.models.changes().rollback("m");
        Server next = new Server(directory);
        next.index.add(7, "acme", "1.4.0", "AddSub");
        assertNull(next.store.kept);
        next.start(ControlMode.NONE);
        // The last three wirings: 1.3.0 (held), 1.4.0, and 1.2.0 before it.
        assertEquals(Set.of("acme-1.2.0", "acme-1.3.0", "acme-1.4.0"), next.store.kept);
    }
}
