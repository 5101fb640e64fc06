package io.opgraft.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Row P18: a repository of many models that are registered and not loaded. */
final class ModelsBenchmark {
    private static final int MODELS = 1000;
    private static final int CALLS = 50;
    private static final HttpRequest.BodyPublisher NO_BODY = HttpRequest.BodyPublishers.noBody();

    private final Path home;
    private final Path model;

    /**
     * The server.
     *
     * @param home the distribution
     * @param model folder of the model that each of them is a copy of
     */
    ModelsBenchmark(Path home, Path model) {
        this.home = home;
        this.model = model;
    }

    /** Starts with and without them in turn, until the index names them all. */
    void run(int pairs, Path work, FigureTable table) throws IOException, InterruptedException {
        Path none = Files.createDirectories(work.resolve("no-models"));
        Path many = repository(work.resolve("many-models"));
        List<Double> added = new ArrayList<>();
        List<Double> calls = new ArrayList<>();
        // Whoever is first also reads the distribution from the disk.
        start(work.resolve("p18-none"), none, 0, new ArrayList<>());
        for (int i = 0; i < pairs; i++) {
            double without = start(work.resolve("p18-none"), none, 0, new ArrayList<>());
            added.add(start(work.resolve("p18-many"), many, MODELS, calls) - without);
        }
        table.add("p18", MODELS + " models: scan and register, beyond a start without", "s", added, Goal.atMost(5));
        table.add("p18", "index call, warm", "ms", calls, Goal.atMost(50));
    }

    private Path repository(Path folder) throws IOException {
        String config = Files.readString(model.resolve("config.pbtxt"));
        byte[] graph = Files.readAllBytes(model.resolve("1/model.graphdef"));
        for (int i = 0; i < MODELS; i++) {
            String name = "model" + i;
            Path version = Files.createDirectories(folder.resolve(name).resolve("1"));
            Files.write(version.resolve("model.graphdef"), graph);
            Files.writeString(folder.resolve(name).resolve("config.pbtxt"), config.replace(InferRequest.MODEL, name));
        }
        return folder;
    }

    private double start(Path folder, Path repository, int count, List<Double> calls)
            throws IOException, InterruptedException {
        long before = System.nanoTime();
        try (Side server = Side.ours(home, folder, repository, "--model-control-mode", "explicit")) {
            HttpClient client = HttpClient.newHttpClient();
            while (count(client, server) != count) {
                Thread.sleep(5);
            }
            double seconds = (System.nanoTime() - before) / 1e9;
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                long called = System.nanoTime();
                count(client, server);
                millis.add((System.nanoTime() - called) / 1e6);
            }
            calls.add(Samples.median(millis));
            return seconds;
        } finally {
            Folders.delete(folder);
        }
    }

    private static int count(HttpClient client, Side server) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/v2/repository/index");
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(uri).POST(NO_BODY).build(), HttpResponse.BodyHandlers.ofString());
        return answer.body().split("\"name\"", -1).length - 1;
    }
}
