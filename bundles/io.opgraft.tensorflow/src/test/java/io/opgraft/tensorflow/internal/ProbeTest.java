package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Registration.Reach;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Trial loads of libraries compiled from src/test/native, each in a process of its own. */
class ProbeTest {
    private static final TensorFlowProbe PROBE = new TensorFlowProbe(Lab.SETTINGS, 30_000);

    @AfterAll
    static void stop() {
        PROBE.stop();
    }

    private static ProbeReport probe(TensorFlowProbe probe, String source, String... options) throws Exception {
        LibraryFiles first = Lab.library("probed 1.0.0", source, options).files();
        Path twin = Lab.folder().resolve("libtwin.so");
        Files.copy(first.library(), twin);
        return probe.probe(first, LibraryFiles.alone(twin));
    }

    private static ProbeReport probe(String source, String... options) throws Exception {
        return probe(PROBE, source, options);
    }

    private static String refused(String source, String... options) {
        return assertThrows(ProbeException.class, () -> probe(source, options)).getMessage();
    }

    @Test
    void tellsOpsAndKernels() throws Exception {
        ProbeReport report = probe("scale.c", "-DFACTOR=2", "-DBIAS=\"0.5\"");
        assertEquals(1, report.ops().size());
        ProbedOp op = report.op("LabScale");
        assertEquals("(x: float) -> (y: float), bias: float = 0.5", op.signature());
        assertEquals(List.of(new ProbedKernel("CPU", Map.of())), op.kernels());
        Scope.Op definition = ProbedDefinition.decode(op.definition());
        assertEquals("LabScale", definition.definition().getName());
        assertEquals("LabScale", definition.kernels().get(0).getOp());
        assertEquals(
                List.of(
                        new Registration("op", "LabScale", Reach.SCOPE),
                        new Registration("kernel", "LabScale", Reach.SCOPE)),
                report.registrations());
        assertEquals("", report.secondLoad());
        assertEquals("", report.output());
        assertTrue(report.millis() > 0);
    }

    @Test
    void aCrashIsToldWithItsSignalAndLastWords() {
        assertEquals(
                "it crashed in its initialiser (SIGSEGV); last words: about to write to nowhere",
                refused("hazard.c", "-DMODE=1"));
    }

    @Test
    void anAbortIsToldWithItsLastWords() {
        assertEquals("it aborted in its initialiser; last words: something is wrong", refused("hazard.c", "-DMODE=2"));
    }

    @Test
    void aHangEndsWhenTheTimeIsUp() throws Exception {
        TensorFlowProbe hasty = new TensorFlowProbe(Lab.SETTINGS, 3_000);
        try {
            String message = assertThrows(ProbeException.class, () -> probe(hasty, "hazard.c", "-DMODE=3"))
                    .getMessage();
            assertEquals("it did not finish loading within 3 s; last words: waiting for a server", message);
        } finally {
            hasty.stop();
        }
    }

    @Test
    void anEndOfTheProcessIsTold() {
        assertEquals("it ended the process in its initialiser (exit code 3)", refused("hazard.c", "-DMODE=4"));
    }

    @Test
    void whatTheLibraryPrintsIsKept() throws Exception {
        assertEquals("loaded, says the library", probe("hazard.c", "-DMODE=5").output());
    }

    @Test
    void threadsAndChildrenOfTheLibraryDoNotHoldUpTheTrial() throws Exception {
        assertEquals("", probe("hazard.c", "-DMODE=6", "-pthread").secondLoad());
        assertEquals("", probe("hazard.c", "-DMODE=8").secondLoad());
    }

    @Test
    void muchOutputIsCut() throws Exception {
        String output = probe("hazard.c", "-DMODE=7").output();
        assertTrue(output.length() <= 64 << 10, () -> "length " + output.length());
    }

    @Test
    void anInvalidDefinitionIsToldInTensorFlowsWords() {
        String message = refused("scale.c", "-DFACTOR=2", "-DOP=\"lab scale\"");
        assertTrue(message.contains("Invalid name: lab scale (Did you use CamelCase?)"), message);
        assertTrue(message.startsWith("it aborted in its initialiser; last words: Non-OK-status"), message);
    }

    @Test
    void theLoadersWordsAreToldIfItRefuses() {
        String message = refused("foreign.c");
        assertTrue(message.startsWith("the dynamic loader refuses it: "), message);
        assertTrue(message.contains("TF_FunctionOfTomorrow"), message);
    }

    @Test
    void aLibraryWithoutOpsIsRefused() {
        assertEquals("it registers no op", refused("nothing.c"));
        assertEquals("it registers no op", refused("kernelonly.c"));
    }

    @Test
    void aProtobufFileIsForTheWholeProcess() throws Exception {
        for (String how : List.of("-DGENERATED=1", "-DGENERATED=2")) {
            ProbeReport report = probe("escape.cc", how);
            assertTrue(
                    report.registrations().contains(new Registration("protobuf file", "lab/one.proto", Reach.PROCESS)));
            assertTrue(report.secondLoad().startsWith("a second copy aborted in its initialiser"), report.secondLoad());
            assertTrue(report.secondLoad().contains("lab/one.proto"), report.secondLoad());
        }
    }

    @Test
    void aProtobufInsideTheLibraryIsNoneOfTensorFlows() throws Exception {
        // Optimised, the initialiser jumps to the function, so that it has no return address in the library.
        for (String optimised : List.of("-O0", "-O2")) {
            ProbeReport report = probe("escape.cc", "-DOWN", optimised);
            assertEquals(List.of(new Registration("op", "LabEscape", Reach.SCOPE)), report.registrations());
            assertEquals("", report.secondLoad());
        }
    }

    @Test
    void otherRegistrationsAreToldByKindAndName() throws Exception {
        ProbeReport report = probe(
                "escape.cc",
                "-DFILE_SYSTEM=\"lab\"",
                "-DSESSION=\"LAB\"",
                "-DEXPERIMENT=\"lab_try\"",
                "-DCOLOCATION",
                "-DXLA");
        assertEquals(
                List.of(
                        new Registration("op", "LabEscape", Reach.SCOPE),
                        new Registration("session factory", "LAB", Reach.PROCESS),
                        new Registration("dataset experiment", "lab_try", Reach.PROCESS),
                        new Registration("colocation exemption", "LabEscape", Reach.SCOPE),
                        new Registration("XLA kernel", "LabEscape", Reach.SCOPE),
                        new Registration("file system", "lab", Reach.PROCESS)),
                report.registrations());
    }

    @Test
    void environmentNamesWhatTheAnswersDependOn() throws Exception {
        assertTrue(PROBE.environment().startsWith("TensorFlow 2.18.0 linux-x86_64 probe "), PROBE.environment());
    }
}
