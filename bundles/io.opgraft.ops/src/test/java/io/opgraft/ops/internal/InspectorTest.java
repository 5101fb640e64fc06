package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not installed is judged as if it were. */
class InspectorTest {
    @TempDir
    Path dir;

    private final FakeProbe probe = new FakeProbe();
    private TestFramework framework;
    private Path library;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir.resolve("framework"));
        library = NativeBuild.library(dir.resolve("libplain.so"), "op.c", "-DVALUE=1");
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void aBundleGivesWhatItWouldWhenInstalled() throws Exception {
        framework.probe(probe);
        Path jar = new OpBundle("io.acme.addsub", "1.2.0")
                .header("Bundle-Vendor", "Acme")
                .header("Bundle-License", "MIT")
                .op("AddSub", library)
                .write(dir.resolve("x.jar"));

        OpProvider inspected = framework.ops().inspectBundle(jar).get(0);
        assertEquals(List.of(), framework.index().providers());
        assertLeavesNothing();
        framework.start(jar);
        framework.settle();
        OpProvider installed = framework.only();

        assertEquals(-1, inspected.bundleId());
        assertEquals(installed.state(), inspected.state());
        assertEquals(installed.label(), inspected.label());
        assertEquals(installed.ops(), inspected.ops());
        assertEquals(installed.digest(), inspected.digest());
        assertEquals(installed.report(), inspected.report());
        assertEquals("Acme", inspected.origin().vendor());
        assertEquals("MIT", installed.origin().licence());
        assertEquals(1, probe.probed.size(), "the answer is kept");
    }

    @Test
    void refusalsAreResults() throws Exception {
        framework.probe(probe);
        probe.failure = new ProbeException("it crashes");
        Path jar = new OpBundle("io.acme.addsub", "1.2.0").op("AddSub", library).write(dir.resolve("x.jar"));
        assertEquals("it crashes", framework.ops().inspectBundle(jar).get(0).reason());

        Path cut = new OpBundle("io.acme.addsub", "1.2.0")
                .op("AddSub", library)
                .entry(OpBundle.FOLDER + "libplain.so", new byte[] {0x7f, 'E', 'L', 'F', 2})
                .write(dir.resolve("y.jar"));
        OpProvider provider = framework.ops().inspectBundle(cut).get(0);
        assertEquals(State.REFUSED, provider.state());
        assertTrue(provider.reason().startsWith("libplain.so is cut"), provider.reason());
        assertEquals("damaged file", provider.report().findings().get(0).topic());
        assertLeavesNothing();
    }

    @Test
    void whatIsNoOpBundleIsAnError() throws Exception {
        Path plain = new OpBundle("io.acme.plain", "1.0.0").write(dir.resolve("plain.jar"));
        IOException none = assertThrows(IOException.class, () -> framework.ops().inspectBundle(plain));
        assertEquals("plain.jar has no opgraft.op capability", none.getMessage());
        assertThrows(IOException.class, () -> framework.ops().inspectBundle(library));
        Path bad = new OpBundle("io.acme.bad", "one").op("X", library).write(dir.resolve("bad.jar"));
        assertThrows(IOException.class, () -> framework.ops().inspectBundle(bad));
    }

    @Test
    void aPlainLibraryTellsItsOps() throws Exception {
        framework.probe(probe);
        probe.ops = List.of("Add", "Sub");
        Path folder = Files.createDirectories(dir.resolve("lib"));
        Path copy = Files.copy(library, folder.resolve("libplain.so"));
        OpProvider provider = framework.ops().inspectLibrary("tensorflow", folder, copy);
        assertEquals(State.ACTIVE, provider.state(), provider.reason());
        assertEquals(List.of("Add", "Sub"), provider.ops());
        assertEquals("", provider.bundle());
        assertEquals(Verdict.ISOLATABLE, provider.report().verdict());

        OpProvider gone = framework.ops().inspectLibrary("tensorflow", folder, folder.resolve("libgone.so"));
        assertEquals(State.REFUSED, gone.state());
    }

    @Test
    void withoutAFrameworkTheFilesAreJudged() throws Exception {
        OpProvider provider = framework.ops().inspectFile("tensorflow", library);
        assertEquals(State.ACTIVE, provider.state(), provider.reason());
        assertEquals(List.of(), provider.ops());
    }

    @Test
    void aFileComesWithTheHelpersThatItsRunPathFinds() throws Exception {
        framework.probe(probe);
        Path helper = NativeBuild.library(
                dir.resolve("x.libs/libaddhelper.so"), "helper.c", "-DVALUE=1", "-Wl,-soname,libaddhelper.so");
        Path main = NativeBuild.library(
                dir.resolve("python/ops/libop.so"),
                "op.c",
                "-DVALUE=1",
                "-DHELPER",
                helper.toString(),
                "-Wl,-rpath,$ORIGIN/../../x.libs");
        OpProvider provider = framework.ops().inspectFile("tensorflow", main);
        assertEquals(State.ACTIVE, provider.state(), provider.reason());
        assertEquals(Verdict.ISOLATABLE_AFTER_REPAIR, provider.report().verdict());
        assertEquals(
                Files.size(helper) + Files.size(main), provider.report().facts().bytes());
    }

    private void assertLeavesNothing() throws IOException {
        try (Stream<Path> left = Files.list(framework.store())) {
            assertEquals(
                    List.of("judgements"),
                    left.map(path -> path.getFileName().toString()).toList());
        }
    }
}
