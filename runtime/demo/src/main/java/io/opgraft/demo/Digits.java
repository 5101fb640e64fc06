package io.opgraft.demo;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The last chapter: a model that TensorFlow's own Python wrote, without custom ops, on real test images. */
final class Digits {
    private static final int SIDE = 8;
    private static final int CLASSES = 10;
    private static final String SHADES = " .:-=+*#%@";

    private final Path images;
    private final Client client;
    private final Console console;

    Digits(Path home, Client client, Console console) {
        this.images = home.resolve("examples/digits/test-images.json");
        this.client = client;
        this.console = console;
    }

    boolean classify() throws IOException, InterruptedException {
        console.chapter("(d) A convolutional net from TensorFlow's Python reads handwritten digits");
        List<JsonObject> samples = samples();
        console.line("  request: " + samples.size() + " test images of 8 x 8 in one batch, three of them:");
        draw(samples.get(0), samples.get(samples.size() / 2), samples.get(samples.size() - 1));
        Client.Answer answer = client.infer("digits", request(samples));
        if (!answer.ok()) {
            return console.check(false, "digits: HTTP " + answer.status() + ", " + AddSub.error(answer.body()));
        }
        List<Integer> labels = samples.stream().map(s -> s.getInt("label")).toList();
        List<Integer> predicted = predictions(answer.body(), samples.size());
        console.line("  labels:  " + join(labels));
        console.line("  answers: " + join(predicted));
        return console.check(labels.equals(predicted), "digits: by TensorFlow's own ops alone");
    }

    private List<JsonObject> samples() throws IOException {
        try (Reader file = Files.newBufferedReader(images);
                JsonReader reader = Json.createReader(file)) {
            return List.copyOf(reader.readArray().getValuesAs(JsonObject.class));
        }
    }

    private static String request(List<JsonObject> samples) {
        String data = samples.stream()
                .flatMap(s -> s.getJsonArray("pixels").stream())
                .map(Object::toString)
                .collect(Collectors.joining(","));
        return "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[" + samples.size() + "," + SIDE + ","
                + SIDE + ",1],\"data\":[" + data + "]}]}";
    }

    private static List<Integer> predictions(JsonObject body, int count) {
        JsonArray data = body.getJsonArray("outputs").getJsonObject(0).getJsonArray("data");
        List<Double> values = data.getValuesAs(JsonNumber.class).stream()
                .map(JsonNumber::doubleValue)
                .toList();
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> largest(values.subList(i * CLASSES, (i + 1) * CLASSES)))
                .toList();
    }

    private static int largest(List<Double> probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.size(); i++) {
            if (probabilities.get(i) > probabilities.get(best)) {
                best = i;
            }
        }
        return best;
    }

    private void draw(JsonObject... samples) {
        for (int row = 0; row < SIDE; row++) {
            StringBuilder line = new StringBuilder("      ");
            for (JsonObject sample : samples) {
                JsonArray pixels = sample.getJsonArray("pixels");
                for (int column = 0; column < SIDE; column++) {
                    char shade = SHADES.charAt(pixels.getInt(row * SIDE + column) * (SHADES.length() - 1) / 16);
                    line.append(shade).append(shade);
                }
                line.append("      ");
            }
            console.line(line.toString().stripTrailing());
        }
    }

    private static String join(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
