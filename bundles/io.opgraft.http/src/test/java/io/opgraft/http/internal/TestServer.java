package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.PlatformLoggingMXBean;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The real server on a free port, over fakes. */
final class TestServer implements AutoCloseable {
    /** Levels of the log of these tests. */
    static final PlatformLoggingMXBean LEVELS = new TestLevels();

    final FakeModels models = new FakeModels();
    final HttpEndpoint endpoint;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestServer() {
        this(Map.of());
    }

    TestServer(Map<String, Object> settings) {
        models.add(FakeModel.addSub("simple"));
        for (DataType type : DataType.values()) {
            models.add(FakeModel.identity("identity_" + type, type, Shape.of(-1)));
        }
        models.addWaiting("waiting");
        try {
            endpoint = HttpEndpoint.start(
                    config(settings), models, models, "1.2.3", new LogSettings(LEVELS, new TestLevels.Hidden()));
        } catch (HttpStartException e) {
            throw new IllegalStateException(e);
        }
    }

    static HttpConfig config(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("port", 0);
        return (HttpConfig) Proxy.newProxyInstance(
                HttpConfig.class.getClassLoader(),
                new Class<?>[] {HttpConfig.class},
                (proxy, method, arguments) -> all.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    URI uri(String path) {
        return URI.create(endpoint.uri() + path);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> infer(String model, String body) {
        return post("/v2/models/" + model + "/infer", body);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<byte[]> sendBytes(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A POST of a JSON part and what follows it. */
    HttpRequest.Builder binary(String model, String json, byte[] tail) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[head.length + tail.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(tail, 0, body, head.length, tail.length);
        return HttpRequest.newBuilder(uri("/v2/models/" + model + "/infer"))
                .header(InferOperation.HEADER_LENGTH, Integer.toString(head.length))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    Socket socket() throws IOException {
        Socket socket = new Socket(endpoint.uri().getHost(), endpoint.uri().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends bytes on a connection of their own and reads until the server closes it. */
    String raw(String request) throws IOException {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
