package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.Impact;
import io.opgraft.models.ModelChanges.Change;
import io.opgraft.models.internal.fake.FakeOpIndex;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change would do, said beforehand. */
class ImpactTest {
    private static final Path JAR = Path.of("/new.jar");

    @TempDir
    Path directory;

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server(directory)
                .model("free", 1, "AddSub")
                .model("narrow", 1, "AddSub")
                .config("narrow", "model_operations { op_library_filename: \"acme;version='[1.0,2.0)'\" }")
                .model("other", 1, "Clip")
                .model("waits", 1, "AddSub", "Late")
                .start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        server.deploy(8, "clip", "1.0.0", "Clip");
    }

    private Impact impact(Change change, String bundle) throws Exception {
        Impact impact = server.models.changes().impact(change, bundle, Optional.of(JAR));
        assertEquals("AddSub=acme/1.0.0", server.wiring("free"));
        return impact;
    }

    private static List<String> effects(Impact impact) {
        return impact.effects().stream()
                .map(e -> e.model() + " " + e.fate() + " " + e.before() + " " + e.after())
                .toList();
    }

    private void file(String bundle, String version, String... ops) {
        FakeOpIndex other = new FakeOpIndex();
        other.addProbed(-1, bundle, version, "", "", ops);
        server.store.bundles.put(JAR, other.providers());
    }

    @Test
    void stopAndUninstallLoseTheOpWithTheExplanationToCome() throws Exception {
        int loaded = server.backend.loaded.size();
        int opened = server.backend.opened.size();
        for (String name : List.of("acme", "acme/1.0.0", "7")) {
            Impact impact = impact(Change.STOP, name);
            assertEquals("Bundle acme/1.0.0 (id 7) would be stopped.", impact.assumed());
            assertEquals(
                    List.of(
                            "free LOSES AddSub=acme/1.0.0 null",
                            "narrow LOSES AddSub=acme/1.0.0 null",
                            "waits WAITS null null"),
                    effects(impact));
            assertTrue(
                    impact.effects().get(0).why().contains("bundle 7 is not started"),
                    impact.effects().get(0).why());
            assertEquals(List.of("acme/1.0.0"), impact.unused());
        }
        Impact gone = impact(Change.UNINSTALL, "acme");
        assertTrue(gone.effects().get(0).why().contains("no installed bundle provides it"));
        assertEquals(loaded, server.backend.loaded.size());
        assertEquals(opened, server.backend.opened.size());
    }

    @Test
    void updateMovesWhatIsNotPinnedOrHeld() throws Exception {
        file("acme", "2.0.0", "AddSub", "Late");
        Impact impact = impact(Change.UPDATE, "acme");
        assertEquals(
                "Bundle acme/1.0.0 (id 7) would be updated in place from /new.jar, which brings acme/2.0.0.",
                impact.assumed());
        assertEquals(
                List.of(
                        "free MOVES AddSub=acme/1.0.0 AddSub=acme/2.0.0",
                        "narrow LOSES AddSub=acme/1.0.0 null",
                        "waits GAINS null AddSub=acme/2.0.0,Late=acme/2.0.0"),
                effects(impact));
        assertTrue(impact.effects().get(1).why().contains("[1.0,2.0)"));
        assertEquals(List.of("acme/1.0.0"), impact.unused());
    }

    @Test
    void additionLeavesPinnedModelsAlone() throws Exception {
        file("acme", "2.0.0", "AddSub");
        Impact impact = impact(Change.ADD, "");
        assertEquals(
                List.of(
                        "free MOVES AddSub=acme/1.0.0 AddSub=acme/2.0.0",
                        "narrow STAYS AddSub=acme/1.0.0 AddSub=acme/1.0.0",
                        "waits WAITS null null"),
                effects(impact));
        assertTrue(
                impact.effects().get(1).why().contains("acme/2.0.0"),
                impact.effects().get(1).why());
        assertEquals(List.of(), impact.unused());
        file("acme", "1.0.0", "AddSub");
        assertEquals(
                "/new.jar would update bundle acme/1.0.0 (id 7), which has the same name and version.",
                impact(Change.ADD, "").assumed());
    }

    @Test
    void heldModelsStay() throws Exception {
        server.deploy(7, "acme", "1.1.0", "AddSub");
        server.models.changes().rollback("free");
        Impact impact = impact(Change.UNINSTALL, "acme");
        assertEquals(
                "free STAYS AddSub=acme/1.0.0 AddSub=acme/1.0.0",
                effects(impact).get(0));
        assertTrue(impact.effects().get(0).why().startsWith("held to AddSub=acme/1.0.0 since "));
        assertEquals("narrow LOSES AddSub=acme/1.1.0 null", effects(impact).get(1));
        assertEquals(List.of("acme/1.1.0"), impact.unused());
    }

    @Test
    void refusedFilesAreShown() throws Exception {
        OpProvider bad = FakeOpIndex.as(
                State.REFUSED,
                "its initialiser aborts",
                server.index.providers().get(0));
        server.store.bundles.put(JAR, List.of(bad));
        Impact impact = impact(Change.UPDATE, "acme");
        assertEquals(List.of("acme/1.0.0 would be refused: its initialiser aborts"), impact.findings());
        assertEquals("free LOSES AddSub=acme/1.0.0 null", effects(impact).get(0));
    }

    @Test
    void whatIsUnknownOrAmbiguousIsRefused() {
        ChangeRefusedException e = assertThrows(ChangeRefusedException.class, () -> impact(Change.STOP, "nobody"));
        assertEquals("No installed bundle nobody brings ops. opgraft:ops lists those that do.", e.getMessage());
        server.index.add(9, "acme", "3.0.0", "Other");
        e = assertThrows(ChangeRefusedException.class, () -> impact(Change.STOP, "acme"));
        assertEquals(
                "Several installed bundles are called acme: acme/1.0.0 (id 7), acme/3.0.0 (id 9). Name one by its "
                        + "version or id.",
                e.getMessage());
        e = assertThrows(ChangeRefusedException.class, () -> impact(Change.UPDATE, "9"));
        assertEquals("/new.jar cannot be judged: it is no op bundle", e.getMessage());
    }
}
