package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.itests.NumberedModel.Form;
import io.opgraft.itests.NumberedOps.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks before a change of an op bundle, and how it is taken back. */
class ChangeIT {
    private static final String BUNDLE = "change.ops";
    private static final String V1 = NumberedOps.label(BUNDLE, 1);
    private static final String V2 = NumberedOps.label(BUNDLE, 2);
    private static final String V3 = NumberedOps.label(BUNDLE, 3);

    @TempDir
    Path folder;

    private final NumberedModel free = new NumberedModel("free", Form.GRAPH);
    private final NumberedModel other = new NumberedModel("other", Form.NESTED);
    private final NumberedModel exact = new NumberedModel("exact", Form.COND);
    private Path data;
    private FixtureRepository repository;
    private NumberedOps ops;

    @BeforeEach
    void layOut() throws Exception {
        data = Files.createDirectories(folder.resolve("data"));
        repository = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        free.addTo(repository, BUNDLE);
        ops = new NumberedOps(folder.resolve("ops"));
        deploy(1);
    }

    private void deploy(int version) throws IOException {
        ops.write(data.resolve("deploy").resolve("ops.jar"), Kind.SCALE, BUNDLE, version);
    }

    private DurableServer start(String... options) throws IOException {
        return DurableServer.start(data, repository.models(), options);
    }

    @Test
    void impactSaysBeforehandWhatAnUpdateThenDoes() throws Exception {
        exact.addTo(repository, BUNDLE + ";version='[1.0.1,1.0.1]'");
        try (DurableServer server = start()) {
            server.assertAnswers(free, V1);
            server.assertAnswers(exact, V1);
            Path next = Files.createDirectories(folder.resolve("files")).resolve("next.jar");
            ops.write(next, Kind.SCALE, BUNDLE, 2);

            String update = server.run("opgraft:impact " + BUNDLE + " " + next);
            assertRow(update, "free", "moves", V1, V2);
            assertRow(update, "exact", "loses", V1);
            String stop = server.run("opgraft:impact " + BUNDLE + " stop");
            assertRow(stop, "free", "loses", V1);
            assertRow(stop, "exact", "loses", V1);
            assertEquals(V1, server.bundles(BUNDLE).get(BUNDLE).label(), "impact changes nothing");
            assertEquals(V1, server.answeredBy(free));
            assertFalse(server.run("opgraft:retained").contains("1.0.2"), "impact loads nothing");

            deploy(2);
            server.assertAnswers(free, V2);
            server.await("opgraft:explain exact", "1.0.2");
            assertEquals(V1, server.answeredBy(exact));
        }
    }

    private static void assertRow(String table, String... words) {
        assertTrue(
                table.lines()
                        .anyMatch(line -> line.startsWith(words[0] + " ")
                                && java.util.Arrays.stream(words).allMatch(line::contains)),
                String.join(" ", words) + " in " + table);
    }

    @Test
    void aModelGoesBackAndStaysThereUntilItIsReleased() throws Exception {
        other.addTo(repository, BUNDLE);
        try (DurableServer server = start()) {
            server.assertAnswers(free, V1);
            AssertionError nothing = assertThrows(AssertionError.class, () -> server.run("opgraft:rollback free"));
            assertTrue(nothing.getMessage().contains("free"), nothing.getMessage());
            deploy(2);
            server.assertAnswers(free, V2);
            server.assertAnswers(other, V2);
            String said = server.run("opgraft:rollback free");
            assertTrue(said.contains(V2) && said.contains(V1) && said.contains("opgraft:release free"), said);
            assertEquals(V1, server.answeredBy(free));
            assertEquals(V2, server.answeredBy(other));
            server.kill();
        }
        try (DurableServer server = start()) {
            server.assertAnswers(other, V2);
            server.assertAnswers(free, V1);
            deploy(3);
            server.assertAnswers(other, V3);
            assertEquals(V1, server.answeredBy(free));
            String history = server.run("opgraft:history free");
            assertTrue(history.contains("rollback") && history.contains(V2) && history.contains(V1), history);
            server.run("opgraft:release free");
            server.assertAnswers(free, V3);
            assertTrue(server.run("opgraft:history free").contains("release"));
        }
    }

    @Test
    void aBundleGoesBackWithAllItsModels() throws Exception {
        other.addTo(repository, BUNDLE);
        try (DurableServer server = start()) {
            server.assertAnswers(free, V1);
            server.assertAnswers(other, V1);
            deploy(2);
            server.assertAnswers(free, V2);
            server.assertAnswers(other, V2);
            server.run("opgraft:rollback " + BUNDLE);
            assertEquals(V1, server.answeredBy(free));
            assertEquals(V1, server.answeredBy(other));
            server.kill();
        }
        // Held ops stay, even if their bundle is gone altogether.
        Files.delete(data.resolve("deploy").resolve("ops.jar"));
        try (DurableServer server = start()) {
            server.assertAnswers(free, V1);
            server.assertAnswers(other, V1);
            deploy(2);
            server.await("lb -s", "|" + BUNDLE);
            server.await("opgraft:ops", "1.0.2");
            assertEquals(V1, server.answeredBy(free));
            server.run("opgraft:release " + BUNDLE);
            server.assertAnswers(free, V2);
            server.assertAnswers(other, V2);
        }
    }

    @Test
    void aWrongAnswerKeepsTheOldVersionServing() throws Exception {
        float number = NumberedOps.number(V1);
        golden(free, number);
        golden(other.addTo(repository, BUNDLE), number + 1);
        try (DurableServer server = start()) {
            server.assertAnswers(free, V1);
            String refused = server.await("opgraft:explain other", "one");
            assertTrue(refused.contains("OUTPUT0"), refused);
            deploy(2);
            String explained = server.await("opgraft:explain free", "OUTPUT0");
            assertTrue(explained.contains("one"), explained);
            assertEquals(V1, server.answeredBy(free));
            assertEquals(V2, server.bundles(BUNDLE).get(BUNDLE).label());
            // Expected answers that fit the new version let it in.
            golden(free, NumberedOps.number(V3));
            deploy(3);
            server.assertAnswers(free, V3);
        }
    }

    private void golden(NumberedModel model, float number) throws IOException {
        Path warmup = Files.createDirectories(
                repository.models().resolve(model.name()).resolve("warmup"));
        String tensor = "\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":";
        Files.writeString(warmup.resolve("one.json"), "{\"inputs\":[{\"name\":\"INPUT0\"," + tensor + "[1,2,3,4]}]}");
        Files.writeString(
                warmup.resolve("one.expected.json"),
                "{\"outputs\":[{\"name\":\"OUTPUT0\"," + tensor + "[" + number + "," + 2 * number + "," + 3 * number
                        + "," + 4 * number + "]}]}");
    }

    @Test
    void theLimitOfRetainedLibrariesRefusesFurtherUpdates() throws Exception {
        try (DurableServer server = start("--max-retained-libraries", "1")) {
            server.assertAnswers(free, V1);
            deploy(2);
            server.assertAnswers(free, V2);
            deploy(3);
            String explained = server.await("opgraft:explain free", "stay mapped");
            assertTrue(explained.contains(V3) && explained.contains("maxRetainedLibraries 1"), explained);
            assertEquals(V2, server.answeredBy(free));
            String retained = server.run("opgraft:retained");
            assertTrue(retained.contains("2 loaded"), retained);
            assertTrue(retained.contains("not in use 1"), retained);
            // What is mapped already costs nothing.
            deploy(1);
            server.assertAnswers(free, V1);
        }
    }
}
