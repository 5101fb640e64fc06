package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process that makes trials in children of itself: what it survives, and when it ends. */
@Timeout(120)
class ProbeServerTest {
    private static final long LONG = 600_000;

    /** Those of this test and of nobody else who runs trials in this process. */
    private final Set<ProcessHandle> others = Set.copyOf(probes());

    private static List<ProcessHandle> probes() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().command().orElse("").endsWith("/opgraft-probe"))
                .toList();
    }

    private Set<ProcessHandle> servers() {
        return probes().stream().filter(process -> !others.contains(process)).collect(Collectors.toSet());
    }

    private static ProbeProgram program(long idleMillis) throws IOException {
        return program(idleMillis, 30_000);
    }

    private static ProbeProgram program(long idleMillis, long millis) throws IOException {
        NativeFiles natives = NativeFiles.find(ProbeServerTest.class.getClassLoader());
        return new ProbeProgram(natives, Lab.SETTINGS.nativeCache(), Lab.SETTINGS.scratch(), millis, idleMillis);
    }

    private static ProbeReport run(ProbeProgram program, String... options) throws Exception {
        LibraryFiles first = Lab.library("served 1.0.0", "hazard.c", options).files();
        Path twin = Lab.folder().resolve("libtwin.so");
        Files.copy(first.library(), twin);
        return TrialReport.of(program.run(first, LibraryFiles.alone(twin)), first);
    }

    private static void assertRuns(ProbeProgram program) throws Exception {
        assertEquals("loaded, says the library", run(program, "-DMODE=5").output());
    }

    private static String refused(ProbeProgram program, String mode) {
        return assertThrows(ProbeException.class, () -> run(program, "-DMODE=" + mode))
                .getMessage();
    }

    @Test
    void oneProcessServesTrialsThatEndInAnyWay() throws Exception {
        try (ProbeProgram program = program(LONG)) {
            assertRuns(program);
            Set<ProcessHandle> server = servers();
            assertEquals(1, server.size());
            assertTrue(refused(program, "1").contains("SIGSEGV"));
            assertTrue(refused(program, "2").contains("something is wrong"));
            assertTrue(refused(program, "4").contains("exit code 3"));
            assertRuns(program);
            assertEquals(server, servers());
        }
    }

    @Test
    void aHangEndsTheTrialAlone() throws Exception {
        try (ProbeProgram program = program(LONG, 3000)) {
            assertTrue(refused(program, "3").contains("did not finish loading within 3 s"));
            Set<ProcessHandle> server = servers();
            assertEquals(1, server.size());
            assertTrue(refused(program, "4").contains("exit code 3"));
            assertEquals(server, servers());
        }
    }

    @Test
    void itIsReplacedWhenItWasKilled() throws Exception {
        try (ProbeProgram program = program(LONG)) {
            assertRuns(program);
            for (ProcessHandle server : servers()) {
                server.destroyForcibly();
                server.onExit().get(30, TimeUnit.SECONDS);
            }
            assertRuns(program);
        }
    }

    @Test
    void aLibraryThatKillsItIsTheOneThatFails() throws Exception {
        try (ProbeProgram program = program(LONG)) {
            assertThrows(IOException.class, () -> run(program, "-DMODE=9"));
            assertRuns(program);
        }
    }

    @Test
    void itEndsWhenItHasNothingToDoAndComesBack() throws Exception {
        try (ProbeProgram program = program(1)) {
            assertRuns(program);
            for (ProcessHandle server : servers()) {
                server.onExit().get(30, TimeUnit.SECONDS);
            }
            assertRuns(program);
        }
    }

    @Test
    void itEndsWithTheProgram() throws Exception {
        Set<ProcessHandle> servers;
        try (ProbeProgram program = program(LONG)) {
            assertRuns(program);
            servers = servers();
        }
        for (ProcessHandle server : servers) {
            server.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutItEachTrialLoadsTensorFlowItself() throws Exception {
        try (ProbeProgram program = program(0)) {
            assertRuns(program);
            assertEquals(Set.of(), servers());
            assertTrue(refused(program, "2").contains("something is wrong"));
        }
    }
}
