package io.opgraft.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A plain HTTP client for tests. */
final class HttpProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_PATIENCE = Duration.ofMinutes(5);

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

    /** The same for what takes minutes on a busy machine. */
    HttpResponse<String> awaitLong(String path, Predicate<HttpResponse<String>> wanted)
            throws IOException, InterruptedException {
        return await(() -> get(path), wanted, LONG_PATIENCE);
    }

    /** Returns when no library is on trial and every model has become ready, or is refused for another reason. */
    void awaitSettled() throws IOException, InterruptedException {
        await(
                () -> post("/v2/repository/index", ""),
                index -> Stream.of("LOADING", "trial load of its library", "is not started")
                        .noneMatch(index.body()::contains),
                LONG_PATIENCE);
    }

    /** A request that may be sent again. */
    interface Call {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    HttpResponse<String> await(Call call, Predicate<HttpResponse<String>> wanted)
            throws IOException, InterruptedException {
        return await(call, wanted, PATIENCE);
    }

    private static HttpResponse<String> await(Call call, Predicate<HttpResponse<String>> wanted, Duration patience)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        HttpResponse<String> response = call.send();
        while (!wanted.test(response)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still HTTP " + response.statusCode() + " after " + patience.toSeconds()
                        + " s: " + response.body());
            }
            TimeUnit.MILLISECONDS.sleep(20);
            response = call.send();
        }
        return response;
    }
}
