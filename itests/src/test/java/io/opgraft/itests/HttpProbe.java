package io.opgraft.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A plain HTTP client for tests. */
final class HttpProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client;
    private final URI address;

    HttpProbe(URI address) {
        this(address, HttpClient.Version.HTTP_1_1);
    }

    HttpProbe(URI address, HttpClient.Version version) {
        this.client = HttpClient.newBuilder().version(version).build();
        this.address = address;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Asks again and again until the answer is as wanted. */
    HttpResponse<String> await(String path, Predicate<HttpResponse<String>> wanted)
            throws IOException, InterruptedException {
        return await(() -> get(path), wanted);
    }

    /** A request that may be sent again. */
    interface Call {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    HttpResponse<String> await(Call call, Predicate<HttpResponse<String>> wanted)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        HttpResponse<String> response = call.send();
        while (!wanted.test(response)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still HTTP " + response.statusCode() + " after " + PATIENCE.toSeconds()
                        + " s: " + response.body());
            }
            TimeUnit.MILLISECONDS.sleep(20);
            response = call.send();
        }
        return response;
    }
}
