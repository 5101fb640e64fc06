package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Rows P19 and P20: how soon a server is ready over a fresh data folder, and what it then takes of memory. */
final class ServerBenchmark {
    private final Path home;
    private final Path models;

    /**
     * The server.
     *
     * @param home the distribution
     * @param models repository with the identity model
     */
    ServerBenchmark(Path home, Path models) {
        this.home = home;
        this.models = models;
    }

    /** From the command to the first answer that says that the server and its models are ready. */
    void coldStart(int pairs, Path work, FigureTable table) throws IOException, InterruptedException {
        Path none = Files.createDirectories(work.resolve("none"));
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            without.add(seconds(work.resolve("without" + i), none));
            with.add(seconds(work.resolve("with" + i), models));
        }
        table.add("p19", "cold start to ready, no model", "s", without, Goal.atMost(2));
        table.add("p19", "cold start to ready, a TensorFlow model", "s", with, Goal.atMost(4));
    }

    private double seconds(Path folder, Path repository) throws IOException, InterruptedException {
        long before = System.nanoTime();
        try (Side server = Side.ours(home, folder, repository)) {
            awaitReady(server);
            return (System.nanoTime() - before) / 1e9;
        } finally {
            Folders.delete(folder);
        }
    }

    /** Resident memory of a server with one TensorFlow model that nobody asks. */
    void idle(int pairs, double seconds, Path work, FigureTable table) throws IOException, InterruptedException {
        List<Double> resident = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Path folder = work.resolve("idle" + i);
            try (Side server = Side.ours(home, folder, models)) {
                awaitReady(server);
                Thread.sleep(Math.round(seconds * 1000));
                resident.add(server.residentMebibytes());
            } finally {
                Folders.delete(folder);
            }
        }
        table.add("p20", "resident memory, idle, with one TensorFlow model", "MiB", resident, Goal.atMost(250));
    }

    private static void awaitReady(Side server) throws IOException, InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!server.isReady()) {
            if (System.nanoTime() > end) {
                throw new IOException("the server was not ready within a minute");
            }
            Thread.sleep(5);
        }
    }
}
