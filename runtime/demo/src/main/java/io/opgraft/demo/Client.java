package io.opgraft.demo;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Speaks HTTP to the server, as any client of the v2 protocol would. */
final class Client {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI address;

    Client(URI address) {
        this.address = address;
    }

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param ops the header that says which op bundles computed it, or empty
     * @param body the JSON
     */
    record Answer(int status, String ops, JsonObject body) {
        boolean ok() {
            return status == 200;
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Answer infer(String model, String body) throws IOException, InterruptedException {
        return send(request("/v2/models/" + model + "/infer")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(TIMEOUT);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String ops = response.headers().firstValue("Opgraft-Ops").orElse("");
        String body = response.body();
        if (body.isEmpty()) {
            return new Answer(response.statusCode(), ops, JsonObject.EMPTY_JSON_OBJECT);
        }
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return new Answer(response.statusCode(), ops, reader.readObject());
        }
    }
}
