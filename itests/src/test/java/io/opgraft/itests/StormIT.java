package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.itests.NumberedModel.Form;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that ask all the time while op bundles come, change and go: no request fails, and each answer is that of the
 * versions that it names.
 *
 * <p>{@code -Dopgraft.storm.seconds=600} makes it longer, {@code -Dopgraft.storm.loads=10000} ends it when so many op
 * versions have been loaded, {@code -Dopgraft.storm.seed=N} repeats one.
 */
class StormIT {
    private static final int CLIENTS = 8;
    // A heap of fixed size that is in memory from the beginning: what grows then is native.
    private static final String JAVA = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:+UseSerialGC";
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    @TempDir
    Path folder;

    private final int seconds = Integer.getInteger("opgraft.storm.seconds", 35);
    private final int loads = Integer.getInteger("opgraft.storm.loads", Integer.MAX_VALUE);
    private final long seed = Long.getLong("opgraft.storm.seed", System.nanoTime());

    private final NumberedModel lacking = new NumberedModel("lacking", Form.LIBRARY_GRAPH);
    private final NumberedModel traded = new NumberedModel("traded", Form.COND);
    private final Map<NumberedModel, List<String>> models = Map.of(
            new NumberedModel("graph", Form.GRAPH),
            List.of(StormChanges.KEPT),
            new NumberedModel("nested", Form.NESTED),
            List.of(StormChanges.KEPT),
            new NumberedModel("chain", Form.CHAIN),
            List.of(StormChanges.KEPT, StormChanges.OFFSET),
            new NumberedModel("while", Form.WHILE),
            List.of(StormChanges.SHELL),
            traded,
            List.of(StormChanges.LEFT, StormChanges.RIGHT),
            lacking,
            List.of(StormChanges.GONE));

    @Test
    void noRequestFailsOrIsWrongWhateverChanges() throws Exception {
        System.out.println("storm: -Dopgraft.storm.seed=" + seed);
        Path data = Files.createDirectories(folder.resolve("data"));
        FixtureRepository repository = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        for (Map.Entry<NumberedModel, List<String>> model : models.entrySet()) {
            model.getKey().addTo(repository, model.getValue().toArray(String[]::new));
        }
        Random random = new Random(seed);
        NumberedOps ops = new NumberedOps(folder.resolve("ops"));
        try (ServerProcess server = ServerProcess.startJava(JAVA, data, repository.models());
                StormChanges changes = new StormChanges(server.deploy(), ops, folder, server, random)) {
            settle(server, changes);
            StormClients clients =
                    new StormClients(server, List.copyOf(models.keySet()), Set.of(lacking), CLIENTS, random.nextLong());
            try (clients) {
                blow(server, changes, clients, random);
                changes.restore();
                settle(server, changes);
            }
            assertEquals(List.of(), clients.faults(), "failed, wrong or hanging requests; seed " + seed);
            assertRefusedAsDocumented(clients, changes);
            assertTrue(clients.versions() >= 8, "only " + clients.versions() + " op versions answered");
            server.terminate();
        }
    }

    private void blow(ServerProcess server, StormChanges changes, StormClients clients, Random random)
            throws Exception {
        MemoryTable table = new MemoryTable(server.pid());
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        int reports = seconds < 120 ? 4 : 20;
        long nextReport = begin;
        while (System.nanoTime() < end
                && clients.versions() < loads
                && clients.faults().isEmpty()) {
            changes.step(clients, lacking);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
            if (System.nanoTime() >= nextReport) {
                nextReport += (end - begin) / reports;
                table.row(clients);
            }
        }
        table.row(clients);
        System.out.println(changes.changes() + " changes of bundles, "
                + changes.removals().size()
                + " times an op was taken away, " + clients.refusals().size() + " refusals, longest wait for an answer "
                + clients.longestMillis() + " ms");
    }

    /** Waits until every model answers with the versions that are there last. */
    private void settle(ServerProcess server, StormChanges changes) throws Exception {
        HttpProbe http = server.http();
        for (Map.Entry<NumberedModel, List<String>> model : models.entrySet()) {
            Set<String> wanted = wanted(model, changes);
            HttpResponse<String> answer = http.await(
                    () -> model.getKey().infer(http, 1),
                    r -> Set.copyOf(NumberedModel.computedBy(r).values()).equals(wanted));
            assertEquals(null, model.getKey().fault(answer, 1));
        }
    }

    private Set<String> wanted(Map.Entry<NumberedModel, List<String>> model, StormChanges changes) {
        if (!model.getKey().equals(traded)) {
            return model.getValue().stream().map(changes::label).collect(java.util.stream.Collectors.toSet());
        }
        String left = changes.label(StormChanges.LEFT);
        return Set.of(left.isEmpty() ? changes.label(StormChanges.RIGHT) : left);
    }

    /** Without its op the model serves on for its grace and then says what is missing. */
    private void assertRefusedAsDocumented(StormClients clients, StormChanges changes) {
        for (StormClients.Refusal refusal : clients.refusals()) {
            long removed = changes.removals().stream()
                    .filter(time -> time <= refusal.asked())
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError("refused although nothing was removed: " + refusal.body()));
            assertTrue(
                    refusal.answered() - removed >= GRACE_NANOS,
                    "refused " + (refusal.answered() - removed) / 1_000_000 + " ms after the op went; seed " + seed);
            assertTrue(refusal.body().contains("FixtureScale"), refusal.body());
            assertTrue(refusal.body().contains(StormChanges.GONE), refusal.body());
        }
    }
}
