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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that ask all the time while op bundles come, change and go: no request fails, and each answer is that of the
 * versions that it names.
 *
 * <p>{@code -Dopgraft.storm.loads=10000} is the long form: more crowds, until so many op libraries have been loaded, or {@code
 * -Dopgraft.storm.seconds=3600} are over, which fails. {@code -Dopgraft.storm.crowds=0} leaves them out, and {@code
 * -Dopgraft.storm.seed=N} repeats one.
 */
class StormIT {
    private static final int CLIENTS = 8;
    // A heap of fixed size that is in memory from the beginning: what grows then is native.
    private static final String JAVA =
            "-Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:NativeMemoryTracking=summary";
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int ROWS = 20;

    @TempDir
    Path folder;

    private final int loads = Integer.getInteger("opgraft.storm.loads", 0);
    private final boolean isLong = loads > 0;
    private final int seconds = Integer.getInteger("opgraft.storm.seconds", isLong ? 3600 : 35);
    private final long seed = Long.getLong("opgraft.storm.seed", System.nanoTime());

    private final List<StormCrowd> crowds = IntStream.range(
                    0, Integer.getInteger("opgraft.storm.crowds", isLong ? StormCrowd.MOST : 1))
            .mapToObj(StormCrowd::new)
            .toList();
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
        for (StormCrowd crowd : crowds) {
            crowd.addTo(repository);
        }
        Random random = new Random(seed);
        NumberedOps ops = new NumberedOps(folder.resolve("ops"));
        try (ServerProcess server = ServerProcess.startJava(JAVA, data, repository.models());
                StormChanges changes = new StormChanges(server.deploy(), ops, folder, server, random);
                StormCrowds crowd = new StormCrowds(crowds, server, ops, folder)) {
            settle(server, changes, crowd);
            // In the long form the loads, not the requests, shall keep the processors busy.
            StormClients clients =
                    new StormClients(server, all(), Set.of(lacking), CLIENTS, isLong ? 10 : 1, random.nextLong());
            try (clients) {
                blow(server, changes, crowd, clients, random);
                changes.restore();
                settle(server, changes, crowd);
            }
            assertEquals(List.of(), clients.faults(), "failed, wrong or hanging requests; seed " + seed);
            assertRefusedAsDocumented(clients, changes);
            assertTrue(clients.versions() >= 8, "only " + clients.versions() + " op versions answered");
            assertTrue(clients.loads() >= loads, "only " + clients.loads() + " op libraries in " + seconds + " s");
            server.terminate();
        }
    }

    private List<NumberedModel> all() {
        return Stream.concat(models.keySet().stream(), crowds.stream().map(StormCrowd::model))
                .toList();
    }

    private void blow(
            ServerProcess server, StormChanges changes, StormCrowds crowd, StormClients clients, Random random)
            throws Exception {
        MemoryTable table = new MemoryTable(server);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        int rows = 0;
        while (System.nanoTime() < end && clients.faults().isEmpty() && !(isLong && clients.loads() >= loads)) {
            changes.step(clients, lacking);
            crowd.step(clients);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
            double done =
                    isLong ? (double) clients.loads() / loads : (double) (System.nanoTime() - begin) / (end - begin);
            if (done * (isLong ? ROWS : 4) >= rows) {
                rows++;
                table.row(clients);
            }
        }
        table.row(clients);
        System.out.println(changes.changes() + " changes of bundles beside those of crowds, "
                + changes.removals().size() + " times an op was taken away, "
                + clients.refusals().size() + " refusals, "
                + clients.loads() + " op libraries of " + clients.versions() + " versions, longest wait for an answer "
                + clients.longestMillis() + " ms, " + (System.nanoTime() - begin) / 1_000_000_000 + " s");
    }

    /** Waits until every model answers with the versions that are there last. */
    private void settle(ServerProcess server, StormChanges changes, StormCrowds crowd) throws Exception {
        HttpProbe http = server.http();
        for (Map.Entry<NumberedModel, List<String>> model : models.entrySet()) {
            settle(http, model.getKey(), wanted(model, changes));
        }
        for (StormCrowd one : crowds) {
            settle(http, one.model(), Set.of(crowd.label(one)));
        }
    }

    private static void settle(HttpProbe http, NumberedModel model, Set<String> wanted) throws Exception {
        HttpResponse<String> answer = http.await(
                () -> model.infer(http, 1),
                r -> Set.copyOf(NumberedModel.computedBy(r).values()).equals(wanted));
        assertEquals(null, model.fault(answer, 1));
    }

    private Set<String> wanted(Map.Entry<NumberedModel, List<String>> model, StormChanges changes) {
        if (!model.getKey().equals(traded)) {
            return model.getValue().stream().map(changes::label).collect(Collectors.toSet());
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
