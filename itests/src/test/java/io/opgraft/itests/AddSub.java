package io.opgraft.itests;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The example models and op bundles that all contain the op TRTISExampleAddSub. */
final class AddSub {
    static final String BUNDLE = "io.opgraft.example.addsub";
    static final String OTHER = "com.example.addsub";

    private static final int SIZE = 16;

    private AddSub() {}

    static Path models() {
        return Opgraft.home().resolve("examples/models");
    }

    static Path jar(String bundle, String version) {
        return Opgraft.home().resolve("examples/ops/" + bundle + "-" + version + ".jar");
    }

    /** Copies an example bundle into a deploy folder in one step, under a name that stays equal over versions. */
    static void deploy(Path deploy, String bundle, String version, String name) throws IOException {
        Files.createDirectories(deploy);
        Path part = deploy.resolveSibling(name + ".part");
        Files.copy(jar(bundle, version), part);
        Files.move(part, deploy.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** The three bundles with which all example models but addsub_missing are ready. */
    static void deployAll(Path deploy) throws IOException {
        deploy(deploy, BUNDLE, "1.0.0", "addsub-1.jar");
        deploy(deploy, BUNDLE, "2.0.0", "addsub-2.jar");
        deploy(deploy, OTHER, "1.0.0", "other.jar");
    }

    /** A JSON request whose elements are all equal. */
    static String request(int a, int b) {
        return "{\"inputs\":[" + tensor("INPUT0", a) + "," + tensor("INPUT1", b) + "]}";
    }

    private static String tensor(String name, int value) {
        int[] values = new int[SIZE];
        Arrays.fill(values, value);
        String data = Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(","));
        return "{\"name\":\"" + name + "\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":[" + data + "]}";
    }

    static HttpResponse<String> infer(HttpProbe http, String model, int a, int b)
            throws IOException, InterruptedException {
        return http.post("/v2/models/" + model + "/infer", request(a, b));
    }

    /** The same request with binary tensors in and out. */
    static HttpResponse<byte[]> inferBinary(ServerProcess server, String model, int a, int b)
            throws IOException, InterruptedException {
        String head = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16],"
                + "\"parameters\":{\"binary_data_size\":64}},{\"name\":\"INPUT1\",\"datatype\":\"INT32\","
                + "\"shape\":[1,16],\"parameters\":{\"binary_data_size\":64}}],"
                + "\"parameters\":{\"binary_data_output\":true}}";
        byte[] json = head.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(json.length + 8 * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        body.put(json);
        for (int i = 0; i < SIZE; i++) {
            body.putInt(a);
        }
        for (int i = 0; i < SIZE; i++) {
            body.putInt(b);
        }
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/v2/models/" + model + "/infer"))
                .header("Inference-Header-Content-Length", Integer.toString(json.length))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()))
                .build();
        return java.net.http.HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The first number of each output of a JSON answer; all elements of an output are equal here. */
    static int[] result(HttpResponse<String> response) {
        return new int[] {first(response.body(), "OUTPUT0"), first(response.body(), "OUTPUT1")};
    }

    private static int first(String body, String output) {
        String compact = body.replaceAll("\\s", "");
        int data = compact.indexOf("\"data\":[", compact.indexOf("\"name\":\"" + output + "\""));
        if (!compact.contains("\"name\":\"" + output + "\"") || data < 0) {
            throw new AssertionError("no data of " + output + " in " + body);
        }
        String[] values =
                compact.substring(data + 8, compact.indexOf(']', data)).split(",");
        if (values.length != SIZE || Arrays.stream(values).distinct().count() != 1) {
            throw new AssertionError("not " + SIZE + " equal values of " + output + " in " + body);
        }
        return Integer.parseInt(values[0]);
    }

    /** Which version of {@link #BUNDLE} computed the answer, or all that the header says. */
    static String computedBy(HttpResponse<?> response) {
        String ops = response.headers().firstValue("Opgraft-Ops").orElse("");
        String prefix = "TRTISExampleAddSub=";
        return ops.startsWith(prefix) ? ops.substring(prefix.length()) : ops;
    }
}
