package io.opgraft.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Verdict;
import io.opgraft.shell.internal.GogoSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class LintCommandTest {
    private static final LibraryReport REPORT = new LibraryReport(
            Verdict.ISOLATABLE_AFTER_REPAIR,
            List.of(new Finding(
                    Verdict.ISOLATABLE_AFTER_REPAIR, "unique symbols", "a.so", "a.so has\u001b2", "made private")),
            new ProbeReport(
                    List.of(new ProbedOp(
                            "AddSub",
                            "(x: T) -> y: T",
                            List.of(new ProbedKernel("CPU", Map.of("T", List.of("float", "int32")))),
                            new byte[0])),
                    List.of(),
                    "",
                    "hello\nworld",
                    812),
            "",
            new LibraryFacts(2049, "x86_64", "GCC 12.2.0", "GLIBC_2.34", List.of("libm.so.6")));

    private static final String TEXT =
            """
            acme/1.0.0 libacme.so (bundle 7): isolatable after repair
              isolatable after repair, unique symbols: a.so has 2; made private
              AddSub(x: T) -> y: T; CPU T=[float, int32]
              loaded on trial in 812 ms
              it printed: hello world
              built for x86_64, GCC 12.2.0, GLIBC_2.34; 3 KiB
              needs libm.so.6""";

    @TempDir
    Path dir;

    private String asked = "";

    private final OpIndex index = new OpIndex() {
        @Override
        public List<OpProvider> providers() {
            return List.of(provider(7));
        }

        @Override
        public List<OpProvider> providers(String framework, String op) {
            return List.of();
        }

        @Override
        public CompletionStage<Void> settled() {
            return CompletableFuture.completedFuture(null);
        }
    };

    private final OpInspector inspector = new OpInspector() {
        @Override
        public List<OpProvider> inspectBundle(Path bundle) {
            asked = "bundle " + bundle.getFileName();
            return List.of(provider(-1), provider(-1));
        }

        @Override
        public OpProvider inspectLibrary(String framework, Path folder, Path library) {
            asked = framework + " " + library.getFileName();
            return provider(-1);
        }
    };

    private final LintCommand command = new LintCommand(index, inspector);

    private static OpProvider provider(long id) {
        return new OpProvider(
                "tensorflow",
                List.of("AddSub"),
                "acme",
                new Version("1.0.0"),
                id,
                State.ACTIVE,
                "",
                "d",
                Path.of("libacme.so"),
                REPORT,
                OpOrigin.NONE);
    }

    @Test
    void installedBundlesAreNamedInAllUsualWays() throws Exception {
        try (CommandSession session = GogoSession.in(dir)) {
            for (String name : List.of("7", "acme", "acme/1.0.0")) {
                assertEquals(TEXT, command.lint(session, name));
            }
        }
        assertEquals("", asked);
    }

    @Test
    void filesAreJudgedByTheirKind() throws Exception {
        Files.writeString(dir.resolve("x.jar"), "");
        Files.writeString(dir.resolve("libx.so"), "");
        try (CommandSession session = GogoSession.in(dir)) {
            assertEquals(3, command.lint(session, "x.jar").split("acme/1.0.0", -1).length);
            assertEquals("bundle x.jar", asked);
            command.lint(session, "libx.so");
            assertEquals("tensorflow libx.so", asked);
            command.lint(session, dir.resolve("libx.so").toString(), "tensorrt");
            assertEquals("tensorrt libx.so", asked);
        }
    }

    @Test
    void whatIsNotThereIsAnError() throws IOException {
        try (CommandSession session = GogoSession.in(dir)) {
            String message = assertThrows(IllegalArgumentException.class, () -> command.lint(session, "libgone.so"))
                    .getMessage();
            assertTrue(message.startsWith("libgone.so is neither a file"), message);
        }
    }
}
