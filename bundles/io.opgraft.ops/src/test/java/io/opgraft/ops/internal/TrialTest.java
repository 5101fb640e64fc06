package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** What a framework says of libraries decides whether models may use them. */
class TrialTest {
    @TempDir
    static Path natives;

    private static Path plain;

    @TempDir
    Path dir;

    private final FakeProbe probe = new FakeProbe();
    private TestFramework framework;

    @BeforeAll
    static void build() throws Exception {
        plain = NativeBuild.library(natives.resolve("libplain.so"), "op.c", "-DVALUE=1");
    }

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir);
    }

    @AfterEach
    void stop() throws Exception {
        if (probe.environmentGate != null) {
            probe.environmentGate.countDown();
        }
        if (probe.gate != null) {
            probe.gate.countDown();
        }
        framework.close();
    }

    @Test
    void aLibraryIsCheckingUntilItsTrialEnds() throws Exception {
        framework.probe(probe);
        framework.settle();
        probe.gate = new CountDownLatch(1);
        framework.start(jar("AddSub"));

        assertEquals(State.CHECKING, framework.only().state());
        assertNull(service(), "not before it is accepted");
        assertFalse(framework.settled());
        framework.events();

        probe.gate.countDown();
        framework.settle();

        OpProvider provider = framework.only();
        assertEquals(State.ACTIVE, provider.state(), provider.reason());
        assertNotNull(service());
        assertEquals(List.of("tensorflow[AddSub]"), framework.events());
        assertEquals(Verdict.ISOLATABLE, provider.report().verdict());
        assertEquals("(x: T) -> y: T", provider.report().probe().op("AddSub").signature());
        assertEquals(64, provider.report().loadedDigest().length());
        assertEquals("x86_64", provider.report().facts().machine());
        assertTrue(
                provider.report().facts().compiler().startsWith("GCC "),
                provider.report().facts()::compiler);
        assertEquals(Files.size(plain), provider.report().facts().bytes());
        assertFalse(Files.exists(probe.twins.get(0).folder()), "the twin is removed");
    }

    @Test
    void aRestartTriesNothingAgain() throws Exception {
        framework.probe(probe);
        framework.start(jar("AddSub"));
        framework.settle();
        OpProvider before = framework.only();

        framework.restartOps();
        framework.settle();

        assertEquals(before, framework.only());
        assertEquals(1, probe.probed.size());

        probe.environment = "fake 2";
        framework.restartOps();
        framework.settle();
        assertEquals(2, probe.probed.size(), "another framework has another answer");
    }

    @Test
    void equalLibrariesAreTriedOnce() throws Exception {
        framework.probe(probe);
        probe.gate = new CountDownLatch(1);
        framework.start(jar("AddSub"));
        framework.start(new OpBundle("com.other", "1.0.0").op("AddSub", plain).write(dir.resolve("other.jar")));
        probe.gate.countDown();
        framework.settle();
        assertEquals(1, probe.probed.size());
        assertTrue(framework.index().providers().stream().allMatch(p -> p.state() == State.ACTIVE));
    }

    @Test
    void aFailedTrialIsTheReasonAndKeptUntilTheBundleIsStartedAgain() throws Exception {
        framework.probe(probe);
        probe.failure = new ProbeException("its initialiser died of signal 11 (last words: boo)");
        Bundle bundle = framework.start(jar("AddSub"));
        framework.settle();

        OpProvider provider = framework.only();
        assertEquals(State.REFUSED, provider.state());
        assertEquals("its initialiser died of signal 11 (last words: boo)", provider.reason());
        assertEquals(Verdict.REFUSED, provider.report().verdict());
        assertNull(service());

        framework.restartOps();
        framework.settle();
        assertEquals(provider, framework.only());
        assertEquals(1, probe.probed.size());

        probe.failure = null;
        bundle.stop();
        bundle.start();
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state(), framework.only().reason());
    }

    @Test
    void aTrialThatCannotBeMadeIsNotRemembered() throws Exception {
        framework.probe(probe);
        probe.failure = new IOException("no processes left");
        framework.start(jar("AddSub"));
        framework.settle();
        assertEquals(State.REFUSED, framework.only().state());
        assertTrue(
                framework.only().reason().contains("no processes left"),
                framework.only().reason());

        probe.failure = null;
        framework.restartOps();
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state(), framework.only().reason());
    }

    @Test
    void whatTheFilesSayComesFirst() throws Exception {
        framework.probe(probe);
        probe.findings =
                List.of(new Finding(Verdict.REFUSED, "symbols", "libplain.so", "it asks for foo", "build it again"));
        framework.start(jar("AddSub"));
        framework.settle();
        assertEquals("it asks for foo; build it again", framework.only().reason());
        assertEquals(List.of(), probe.probed, "a library that cannot be loaded is not loaded");
    }

    @Test
    void opsThatTheLibraryDoesNotRegisterAreRefused() throws Exception {
        framework.probe(probe);
        probe.ops = List.of("Add", "Sub");
        framework.start(jar("AddSub"));
        framework.settle();
        assertEquals(
                "its capability declares AddSub, but the library registers only Add, Sub; correct the capability",
                framework.only().reason());
        assertEquals(Verdict.REFUSED, framework.only().report().verdict());
    }

    @Test
    void opsThatAreNotDeclaredComeFromTheTrial() throws Exception {
        framework.probe(probe);
        probe.ops = List.of("Add", "Sub");
        OpBundle bundle = new OpBundle("io.acme.addsub", "1.0.0").op("AddSub", plain);
        bundle.header(
                "Provide-Capability", "opgraft.op;framework=tensorflow;library=\"" + OpBundle.FOLDER + "libplain.so\"");
        framework.start(bundle.write(dir.resolve("bare.jar")));
        framework.settle();
        assertEquals(List.of("Add", "Sub"), framework.only().ops());
        assertEquals(List.of(framework.only()), framework.index().providers("tensorflow", "Sub"));
        assertEquals(List.of("Add", "Sub"), List.of((String[]) service().getProperty(OpLibrary.OPS_PROPERTY)));
    }

    @Test
    void processWideRegistrationsLeaveOneVersionOnly() throws Exception {
        framework.probe(probe);
        probe.more = List.of(new Registration("protobuf file", "acme.proto", Registration.Reach.PROCESS));
        framework.start(jar("AddSub"));
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state());
        assertEquals(Verdict.ONE_VERSION_ONLY, framework.only().report().verdict());
        assertEquals(
                "it registers for the whole process: protobuf file acme.proto; only one version of it can be loaded"
                        + " until the server is started again",
                framework.only().report().findings().get(0).toString());
    }

    @Test
    void aSecondLoadThatFailsLeavesOneVersionOnly() throws Exception {
        framework.probe(probe);
        probe.secondLoad = "it aborted";
        framework.start(jar("AddSub"));
        framework.settle();
        assertEquals(Verdict.ONE_VERSION_ONLY, framework.only().report().verdict());
    }

    @Test
    void aFrameworkThatComesLaterJudgesWhatIsThere() throws Exception {
        framework.start(jar("AddSub"));
        assertEquals(State.ACTIVE, framework.only().state());
        assertNull(framework.only().report().probe());
        assertNotNull(service());

        probe.failure = new ProbeException("it hangs");
        ServiceRegistration<?> registration = framework.probe(probe);
        framework.settle();
        assertEquals(State.REFUSED, framework.only().state());
        assertNull(service());

        registration.unregister();
        framework.settle();
        assertEquals("it hangs", framework.only().reason(), "what it said stays");
    }

    @Test
    void nothingUntriedIsActiveFromTheMomentThatAFrameworkComes() throws Exception {
        List<State> seen = new ArrayList<>();
        framework
                .context()
                .addServiceListener(event -> seen.add(framework.only().state()), "(objectClass=*LibraryProbe)");
        // Now the listener comes before those of the op index.
        framework.restartOps();
        framework.start(jar("AddSub"));
        assertEquals(State.ACTIVE, framework.only().state());
        framework.events();

        probe.environmentGate = new CountDownLatch(1);
        probe.gate = new CountDownLatch(1);
        framework.probe(probe);

        assertEquals(List.of(State.CHECKING), seen, "also for listeners that hear of it first");
        assertEquals(State.CHECKING, framework.only().state());
        assertNull(framework.only().library(), "there is nothing to open");
        assertNull(service());
        assertFalse(framework.settled());
        assertEquals(List.of("tensorflow[AddSub]"), framework.events());

        probe.environmentGate.countDown();
        probe.gate.countDown();
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state(), framework.only().reason());
        assertNotNull(framework.only().report().probe());
        assertNotNull(service());
        assertEquals(1, probe.probed.size());
    }

    @Test
    void anotherFrameworkOfTheSameNameIsAskedBeforeAnythingIsActive() throws Exception {
        ServiceRegistration<?> first = framework.probe(probe);
        framework.start(jar("AddSub"));
        framework.settle();
        first.unregister();
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state(), "what it said stays");

        FakeProbe second = new FakeProbe();
        second.environment = "fake 2";
        second.environmentGate = new CountDownLatch(1);
        framework.probe(second);
        assertEquals(State.CHECKING, framework.only().state());

        second.environmentGate.countDown();
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state());
        assertEquals(1, second.probed.size());
    }

    @Test
    void aFrameworkThatCannotBeAskedIsAsGoodAsNone() throws Exception {
        framework.probe(new FakeProbe() {
            @Override
            public String environment() throws IOException {
                throw new IOException("TensorFlow is not there");
            }
        });
        framework.start(jar("AddSub"));
        framework.settle();
        assertEquals(State.ACTIVE, framework.only().state());
        assertNull(framework.only().report().probe());
    }

    @Test
    void aBundleThatGoesDuringItsTrialLeavesNothing() throws Exception {
        framework.probe(probe);
        framework.settle();
        probe.gate = new CountDownLatch(1);
        Bundle stopped = framework.start(jar("AddSub"));
        stopped.stop();
        assertEquals(State.STOPPED, framework.only().state());
        probe.gate.countDown();
        framework.settle();
        assertEquals(State.STOPPED, framework.only().state());
        assertNull(service());

        stopped.uninstall();
        framework.settle();
        assertEquals(List.of(), framework.index().providers());
    }

    @Test
    void anUpdateDuringATrialGetsItsOwn() throws Exception {
        framework.probe(probe);
        framework.settle();
        probe.gate = new CountDownLatch(1);
        Bundle bundle = framework.start(jar("AddSub"));
        Path other = NativeBuild.library(dir.resolve("libother.so"), "op.c", "-DVALUE=7");
        TestFramework.update(
                bundle,
                new OpBundle("io.acme.addsub", "2.0.0").op("AddSub", other).write(dir.resolve("2.jar")));
        assertEquals(State.CHECKING, framework.only().state());
        probe.gate.countDown();
        framework.settle();
        assertEquals("io.acme.addsub/2.0.0", framework.only().label());
        assertTrue(framework.only().library().endsWith("libother.so"));
        assertEquals(bundle, service().getBundle());
        assertEquals(
                1,
                framework.context().getServiceReferences(OpLibrary.class, null).size());
    }

    @Test
    void theTwinHasOtherPrivateNames() throws Exception {
        framework.probe(probe);
        Path helper = NativeBuild.library(
                natives.resolve("deps/libaddhelper.so"), "helper.c", "-DVALUE=1", "-Wl,-soname,libaddhelper.so");
        Path library = NativeBuild.library(
                natives.resolve("libneeds.so"),
                "op.c",
                "-DVALUE=1",
                "-DHELPER",
                helper.toString(),
                "-Wl,-rpath,$ORIGIN/deps");
        List<String> needed = new ArrayList<>();
        framework
                .context()
                .registerService(
                        LibraryProbe.class,
                        new FakeProbe() {
                            @Override
                            public ProbeReport probe(LibraryFiles files, LibraryFiles twin)
                                    throws ProbeException, IOException {
                                try {
                                    needed.add(ElfFile.read(files.library())
                                            .needed()
                                            .get(0));
                                    needed.add(ElfFile.read(twin.library())
                                            .needed()
                                            .get(0));
                                    assertTrue(Files.exists(
                                            twin.folder().resolve("deps").resolve(needed.get(1))));
                                } catch (ElfException e) {
                                    throw new IOException(e);
                                }
                                return super.probe(files, twin);
                            }
                        },
                        null);
        framework.start(new OpBundle("io.acme.addsub", "1.0.0")
                .op("AddSub", library)
                .entry(OpBundle.FOLDER + "deps/libaddhelper.so", Files.readAllBytes(helper))
                .write(dir.resolve("helper.jar")));
        framework.settle();
        assertEquals(2, needed.size());
        assertNotEquals(needed.get(0), needed.get(1));
        assertEquals(Verdict.ISOLATABLE_AFTER_REPAIR, framework.only().report().verdict());
    }

    private Path jar(String op) throws Exception {
        return new OpBundle("io.acme.addsub", "1.0.0").op(op, plain).write(dir.resolve(op + ".jar"));
    }

    private ServiceReference<OpLibrary> service() {
        return framework.context().getServiceReference(OpLibrary.class);
    }
}
