package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.itests.DurableServer.Listed;
import io.opgraft.itests.NumberedModel.Form;
import io.opgraft.itests.NumberedOps.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed while op bundles are installed, updated and removed comes back in the state before or after.
 *
 * <p>{@code -Dopgraft.durability.kills=N} kills it that often, {@code -Dopgraft.durability.seed=N} repeats one run.
 */
class DurabilityIT {
    private static final String PREFIX = "durable.";
    private static final String KEPT = "durable.kept";
    private static final String DEPLOYED = "durable.deployed";
    private static final String SHELL = "durable.shell";
    // So large that writing it takes a while, in which the server can be killed.
    private static final int DATA_BYTES = 12 << 20;

    @TempDir
    Path folder;

    private final int kills = Integer.getInteger("opgraft.durability.kills", 10);
    private final long seed = Long.getLong("opgraft.durability.seed", System.nanoTime());
    private final NumberedModel kept = new NumberedModel("kept", Form.GRAPH);
    private final NumberedModel deployed = new NumberedModel("deployed", Form.NESTED);
    private final NumberedModel shelled = new NumberedModel("shelled", Form.COND);

    private Random random;
    private Path data;
    private FixtureRepository repository;
    private NumberedOps ops;
    private int version;

    @BeforeEach
    void layOut() throws Exception {
        System.out.println("durability: -Dopgraft.durability.seed=" + seed);
        random = new Random(seed);
        data = Files.createDirectories(folder.resolve("data"));
        repository = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        kept.addTo(repository, KEPT);
        deployed.addTo(repository, DEPLOYED);
        shelled.addTo(repository, SHELL);
        ops = new NumberedOps(folder.resolve("ops"));
        ops.write(deployJar(KEPT), Kind.SCALE_CPP, KEPT, 0);
    }

    private Path deployJar(String bundle) {
        return data.resolve("deploy").resolve(bundle + ".jar");
    }

    private Path shellJar(int number) throws IOException {
        Path jar = Files.createDirectories(folder.resolve("files")).resolve(SHELL + "-" + number + ".jar");
        ops.write(jar, Kind.SCALE, SHELL, number, DATA_BYTES);
        return jar;
    }

    private DurableServer start() throws IOException {
        return DurableServer.start(data, repository.models());
    }

    @Test
    void killedAtAnyPointItIsBeforeOrAfter() throws Exception {
        Expected expected = new Expected();
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < kills; i++) {
            try (DurableServer server = start()) {
                outcomes.merge(check(server, expected), 1, Integer::sum);
                change(server, expected);
                server.kill();
            }
        }
        try (DurableServer server = start()) {
            outcomes.merge(check(server, expected), 1, Integer::sum);
        }
        System.out.println("after " + kills + " kills: " + outcomes);
    }

    /** What was and what is to be: {@code name/version}, empty for not installed. */
    private record Change(String before, String after) {
        boolean allows(String label) {
            return label.equals(before) || label.equals(after);
        }
    }

    /** The last change. */
    private static final class Expected {
        private String action = "nothing";
        private Change deployed = new Change("", "");
        private Change shell = new Change("", "");
    }

    /** All views of the state say the same, and it is one of those that are allowed. */
    private String check(DurableServer server, Expected expected) throws Exception {
        String hint = expected.action + "; seed " + seed;
        Map<String, Listed> bundles = server.bundles(PREFIX);
        assertEquals(NumberedOps.label(KEPT, 0), label(bundles, KEPT), hint);
        server.assertAnswers(kept, NumberedOps.label(KEPT, 0));
        String seen = label(bundles, DEPLOYED);
        assertTrue(expected.deployed.allows(seen), hint + ": '" + seen + "', not of " + expected.deployed);
        // The folder is the truth, which the server follows.
        assertState(server, deployed, expected.deployed.after());
        String shell = label(bundles, SHELL);
        assertTrue(expected.shell.allows(shell), hint + ": '" + shell + "', not of " + expected.shell);
        boolean started = !shell.isEmpty() && bundles.get(SHELL).state().equals("Active");
        assertState(server, shelled, started ? shell : "");
        if (!shell.isEmpty() && !started) {
            // Install and start are two commands.
            assertEquals("shell install", expected.action, hint + ": " + bundles.get(SHELL));
            server.run("start " + bundles.get(SHELL).id());
            server.assertAnswers(shelled, shell);
        }
        boolean after = expected.action.startsWith("shell")
                ? shell.equals(expected.shell.after())
                : seen.equals(expected.deployed.after());
        expected.shell = new Change(shell, shell);
        expected.deployed = new Change(expected.deployed.after(), expected.deployed.after());
        return expected.action + (after ? ": after" : ": before");
    }

    private static String label(Map<String, Listed> bundles, String name) {
        Listed bundle = bundles.get(name);
        return bundle == null ? "" : bundle.label();
    }

    private static void assertState(DurableServer server, NumberedModel model, String label) throws Exception {
        if (label.isEmpty()) {
            server.assertLacks(model);
        } else {
            server.assertAnswers(model, label);
        }
    }

    /** Begins a change and returns at some point of it. */
    private void change(DurableServer server, Expected expected) throws Exception {
        if (random.nextBoolean()) {
            changeByFolder(expected);
            awaitSomePoint(3000);
        } else {
            String command = changeByShell(expected);
            Thread thread = new Thread(() -> runUntilKilled(server, command));
            thread.setDaemon(true);
            thread.start();
            awaitSomePoint(400);
        }
    }

    private void changeByFolder(Expected expected) throws IOException {
        String before = expected.deployed.after();
        if (!before.isEmpty() && random.nextInt(3) == 0) {
            expected.action = "deploy uninstall";
            expected.deployed = new Change(before, "");
            Files.delete(deployJar(DEPLOYED));
            return;
        }
        int next = ++version;
        expected.action = before.isEmpty() ? "deploy install" : "deploy update";
        expected.deployed = new Change(before, NumberedOps.label(DEPLOYED, next));
        ops.write(deployJar(DEPLOYED), Kind.SCALE, DEPLOYED, next, DATA_BYTES);
    }

    private String changeByShell(Expected expected) throws IOException {
        String before = expected.shell.after();
        if (!before.isEmpty() && random.nextInt(3) == 0) {
            expected.action = "shell uninstall";
            expected.shell = new Change(before, "");
            return "uninstall " + SHELL;
        }
        int next = ++version;
        expected.action = before.isEmpty() ? "shell install" : "shell update";
        expected.shell = new Change(before, NumberedOps.label(SHELL, next));
        return (before.isEmpty() ? "install " : "update " + SHELL + " ")
                + shellJar(next).toUri();
    }

    @Test
    void killedDuringARollbackItIsBeforeOrAfter() throws Exception {
        ops.write(deployJar(DEPLOYED), Kind.SCALE, DEPLOYED, 1);
        String old = NumberedOps.label(DEPLOYED, 1);
        String current = NumberedOps.label(DEPLOYED, 2);
        try (DurableServer server = start()) {
            server.assertAnswers(deployed, old);
            ops.write(deployJar(DEPLOYED), Kind.SCALE, DEPLOYED, 2);
            server.assertAnswers(deployed, current);
            server.kill();
        }
        boolean held = false;
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < Math.max(3, kills / 3); i++) {
            String action = held ? "release" : "rollback";
            try (DurableServer server = start()) {
                server.assertAnswers(deployed, held ? old : current);
                Thread thread = new Thread(() -> runUntilKilled(server, "opgraft:" + action + " deployed"));
                thread.setDaemon(true);
                thread.start();
                awaitSomePoint(800);
                server.kill();
            }
            try (DurableServer server = start()) {
                boolean now = server.run("opgraft:history deployed").contains("\nVersion 1 is ");
                server.assertAnswers(deployed, now ? old : current);
                server.assertAnswers(kept, NumberedOps.label(KEPT, 0));
                outcomes.merge(action + (now == held ? ": before" : ": after"), 1, Integer::sum);
                held = now;
                server.kill();
            }
        }
        System.out.println("rollbacks: " + outcomes);
    }

    private static void runUntilKilled(DurableServer server, String command) {
        try {
            server.run(command);
        } catch (IOException e) {
            // The server was killed, as it had to be.
        }
    }

    /** Half of the times any moment, else one shortly after something was written below the data directory. */
    private void awaitSomePoint(int millis) throws Exception {
        if (random.nextBoolean()) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(millis));
            return;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Set<Path> before = written();
        while (System.nanoTime() < end && written().equals(before)) {
            Thread.onSpinWait();
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
    }

    private Set<Path> written() throws IOException {
        Set<Path> all = new HashSet<>();
        for (String name : new String[] {"framework", "ops", "state"}) {
            Path below = data.resolve(name);
            if (Files.isDirectory(below)) {
                try (Stream<Path> files = Files.walk(below, 2)) {
                    files.forEach(all::add);
                } catch (UncheckedIOException e) {
                    // Something went away meanwhile: that is a change.
                    all.add(below.resolve("gone"));
                }
            }
        }
        return all;
    }
}
