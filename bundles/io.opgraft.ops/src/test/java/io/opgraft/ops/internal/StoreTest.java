package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.ops.StoredLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Copies outlive their bundles, and a damaged one is noticed. */
class StoreTest {
    @TempDir
    static Path natives;

    private static Path plain;
    private static Path other;

    @TempDir
    Path dir;

    private final FakeProbe probe = new FakeProbe();
    private TestFramework framework;

    @BeforeAll
    static void build() throws Exception {
        plain = NativeBuild.library(natives.resolve("libplain.so"), "op.c", "-DVALUE=1");
        other = NativeBuild.library(natives.resolve("libother.so"), "op.c", "-DVALUE=2");
    }

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir);
        framework.probe(probe);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void aCopyIsFoundAfterItsBundleIsGone() throws Exception {
        Bundle bundle = framework.start(jar("1.0.0", plain));
        framework.settle();
        OpProvider provider = framework.only();
        bundle.uninstall();

        StoredLibrary found = framework.ops().find(provider.digest()).orElseThrow();

        assertEquals("tensorflow", found.framework());
        assertEquals(List.of("AddSub"), found.ops());
        assertEquals(provider.library(), found.library());
        assertEquals(provider.report(), found.report());
        assertEquals(provider.files(), found.files());
        assertEquals(Optional.empty(), framework.ops().find("ab".repeat(32)));
        assertEquals(Optional.empty(), framework.ops().find("../x"));
    }

    @Test
    void aDamagedCopyIsNotFound() throws Exception {
        framework.start(jar("1.0.0", plain)).uninstall();
        framework.start(jar("2.0.0", plain));
        framework.settle();
        OpProvider provider = framework.only();
        damageUnnoticed(provider.library());
        assertEquals(Optional.empty(), framework.ops().find(provider.digest()));
    }

    @Test
    void damageThatLeavesSizeAndTimeIsFoundBeforeLoadingAndMended() throws Exception {
        Bundle bundle = framework.start(jar("1.0.0", plain));
        framework.settle();
        OpProvider provider = framework.only();
        assertFalse(framework.ops().isDamaged(provider));
        damageUnnoticed(provider.library());
        framework.restartOps();
        framework.settle();
        assertEquals(provider.digest(), framework.only().digest(), "a start does not notice");

        assertTrue(framework.ops().isDamaged(framework.only()));
        bundle.stop();
        bundle.start();
        framework.settle();
        assertEquals(provider.library(), framework.only().library());
        assertFalse(framework.ops().isDamaged(framework.only()));
        assertEquals(-1, Files.mismatch(plain, provider.library()));
    }

    @Test
    void pruneKeepsWhatIsUsedAndWhatIsWanted() throws Exception {
        Bundle gone = framework.start(jar("1.0.0", plain));
        framework.settle();
        OpProvider old = framework.only();
        gone.uninstall();
        Bundle stopped = framework.start(jar("2.0.0", other));
        framework.settle();
        OpProvider used = framework.only();
        Path older = Files.createDirectories(framework.store().resolve(used.digest() + "/r1/files"));
        Path foreign = Files.writeString(framework.store().resolve("notes.txt"), "x");

        framework.ops().prune(Set.of());
        assertTrue(Files.exists(old.library()), "an instance may still be loaded from it");
        assertFalse(Files.exists(older), "an older version of the repairs");
        assertTrue(Files.exists(foreign), "what is not ours is left alone");

        stopped.stop();
        framework.restartOps();
        framework.ops().prune(Set.of(old.digest()));
        assertTrue(Files.exists(used.library()), "its bundle is only stopped");
        assertTrue(framework.ops().find(old.digest()).isPresent());

        framework.ops().prune(Set.of());
        assertFalse(Files.exists(old.library()));
        assertEquals(List.of(used.digest()), framework.copies());
        try (Stream<Path> judgements = Files.list(framework.store().resolve("judgements"))) {
            assertEquals(1, judgements.count());
        }
    }

    @Test
    void anUnchangedBundleIsNotReadAgain() throws Exception {
        framework.start(jar("1.0.0", plain));
        framework.settle();
        OpProvider before = framework.only();
        damageJar();
        framework.restartOps();
        framework.settle();
        assertEquals(before, framework.only(), "the copy was checked when it was made");
    }

    @Test
    void aDamagedBundleWhoseCopyIsDamagedTooIsLeftOut() throws Exception {
        probe.ops = List.of("AddSub", "Other");
        framework.start(jar("1.0.0", plain));
        framework.start(new OpBundle("com.other", "1.0.0").op("Other", other).write(dir.resolve("other.jar")));
        framework.settle();
        OpProvider provider =
                framework.index().providers("tensorflow", "AddSub").get(0);
        Files.writeString(provider.library(), "damaged");
        damageJar();

        framework.restartOps();
        framework.settle();

        OpProvider now = framework.index().providers("tensorflow", "AddSub").get(0);
        assertEquals(State.REFUSED, now.state());
        assertTrue(now.reason().contains("install the bundle again"), now.reason());
        assertEquals(
                State.ACTIVE,
                framework.index().providers("tensorflow", "Other").get(0).state());
    }

    @Test
    void aRecordThatIsDamagedIsNotBelieved() throws Exception {
        framework.start(jar("1.0.0", plain));
        framework.settle();
        OpProvider before = framework.only();
        Path record = before.files().folder().resolveSibling("copy.json");
        Files.writeString(record, Files.readString(record).replace("libplain.so", "libplaim.so"));
        Path judgement;
        try (Stream<Path> judgements = Files.list(framework.store().resolve("judgements"))) {
            judgement = judgements.findFirst().orElseThrow();
        }
        Files.writeString(judgement, Files.readString(judgement).replace("CPU", "GPU"));

        framework.restartOps();
        framework.settle();

        assertEquals(before, framework.only());
        assertEquals(2, probe.probed.size(), "the judgement was lost");
    }

    /** Changes the file so that only its content tells; the record is told the new times. */
    private static void damageUnnoticed(Path library) throws IOException {
        byte[] bytes = Files.readAllBytes(library);
        bytes[bytes.length / 2] ^= 1;
        Files.write(library, bytes);
        Path place = library.getParent().getParent();
        FolderRecord record = FolderRecord.read(place);
        FolderRecord now = FolderRecord.of(library.getParent(), record.units());
        assertNotEquals(record.digests(), now.digests());
        FolderRecord.forget(place);
        new FolderRecord(record.digests(), now.stamps(), record.units()).write(place);
    }

    /** Overwrites the middle of the framework's own copies of the jars, where the first one's library is. */
    private void damageJar() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("framework/bundle1"))) {
            for (Path file : files.filter(path -> path.endsWith("bundle.jar")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                for (int i = bytes.length / 3; i < bytes.length / 2; i++) {
                    bytes[i] = 0x55;
                }
                Files.write(file, bytes);
            }
        }
    }

    private Path jar(String version, Path library) throws Exception {
        return new OpBundle("io.acme.addsub", version).op("AddSub", library).write(dir.resolve(version + ".jar"));
    }
}
