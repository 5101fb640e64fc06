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
import java.util.regex.Pattern;

/** Row P18, and the models of P20: a repository of many models that are registered and not loaded. */
final class ModelsBenchmark {
    private static final int MODELS = 1000;
    private static final int CALLS = 50;
    private static final int FEW = 500;
    private static final int MANY = 2500;
    private static final String PLATFORM = "tensorflow_graphdef";
    /** The feature for it is not installed unless it is named. */
    private static final String WAITING = "tensorrt_plan";

    private static final String REASON = "backend tensorrt is not installed";
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
        Path many = repository(work.resolve("many-models"), MODELS, PLATFORM);
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

    /** What one more registered model takes: the slope between two servers whose models wait for a backend. */
    void memory(int pairs, boolean quick, Path work, FigureTable table) throws IOException, InterruptedException {
        int few = quick ? FEW / 10 : FEW;
        int many = quick ? MANY / 10 : MANY;
        Path small = repository(work.resolve("waiting-few"), few, WAITING);
        Path large = repository(work.resolve("waiting-many"), many, WAITING);
        List<Double> each = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            double less = used(work.resolve("p20-few"), small, few);
            each.add((used(work.resolve("p20-many"), large, many) - less) / (many - few) / 1024);
        }
        table.add("p20", "one more registered model that waits for its backend", "KiB", each, Goal.atMost(64));
    }

    private double used(Path folder, Path repository, int count) throws IOException, InterruptedException {
        try (Side server = Side.ours(home, folder, repository, "--strict-readiness", "false");
                HeapGauge gauge = new HeapGauge(server.pid())) {
            HttpClient client = HttpClient.newHttpClient();
            while (occurrences(client, server, REASON) < count) {
                Thread.sleep(100);
            }
            return gauge.used();
        } finally {
            Folders.delete(folder);
        }
    }

    private Path repository(Path folder, int models, String platform) throws IOException {
        String config = Files.readString(model.resolve("config.pbtxt"));
        byte[] graph = Files.readAllBytes(model.resolve("1/model.graphdef"));
        for (int i = 0; i < models; i++) {
            String name = "model" + i;
            Path version = Files.createDirectories(folder.resolve(name).resolve("1"));
            Files.write(version.resolve("model.graphdef"), graph);
            Files.writeString(
                    folder.resolve(name).resolve("config.pbtxt"),
                    config.replace(InferRequest.MODEL, name).replace(PLATFORM, platform));
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
        return occurrences(client, server, "\"name\"");
    }

    private static int occurrences(HttpClient client, Side server, String text)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/v2/repository/index");
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(uri).POST(NO_BODY).build(), HttpResponse.BodyHandlers.ofString());
        return answer.body().split(Pattern.quote(text), -1).length - 1;
    }
}
