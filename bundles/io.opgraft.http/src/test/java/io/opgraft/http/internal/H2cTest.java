package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class H2cTest {
    private static final String IDENTITY =
            "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1.5,2]}]}";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void upgrade() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(server.uri("/v2/models/simple")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            HttpResponse<String> inferred = client.send(
                    HttpRequest.newBuilder(server.uri("/v2/models/identity_FP32/infer"))
                            .POST(HttpRequest.BodyPublishers.ofString(IDENTITY))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, inferred.statusCode());
            assertTrue(inferred.body().contains("[1.5,2.0]"), inferred.body());
        }
    }

    @Test
    void upgradeWithABody() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<String> inferred = client.send(
                HttpRequest.newBuilder(server.uri("/v2/models/identity_FP32/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(IDENTITY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, inferred.statusCode(), inferred.body());
        assertTrue(inferred.body().contains("[1.5,2.0]"), inferred.body());
    }

    @Test
    void priorKnowledge() throws Exception {
        HTTP2Client client = new HTTP2Client();
        client.start();
        try {
            Session session = client.connect(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(),
                                    server.endpoint.uri().getPort()),
                            new Session.Listener() {})
                    .get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                String answer = post(session, "/v2/models/identity_FP32/infer", IDENTITY);
                assertTrue(answer.startsWith("200 "), answer);
                assertTrue(answer.contains("[1.5,2.0]"), answer);
            }
            assertTrue(post(session, "/v2/models/nope/infer", IDENTITY).startsWith("404 {\"error\""));
            assertTrue(post(session, "/v2/repository/index", "").startsWith("200 ["));
        } finally {
            client.stop();
        }
    }

    @Test
    void resetFreesThePlace() throws Exception {
        Queue<Runnable> waiting = new LinkedBlockingQueue<>();
        HTTP2Client client = new HTTP2Client();
        client.start();
        server.models.waiting = waiting;
        try {
            Session session = client.connect(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(),
                                    server.endpoint.uri().getPort()),
                            new Session.Listener() {})
                    .get(10, TimeUnit.SECONDS);
            Stream stream = open(session, "/v2/models/identity_FP32/infer", new Stream.Listener() {});
            stream.data(new DataFrame(stream.getId(), StandardCharsets.UTF_8.encode(IDENTITY), true))
                    .get(10, TimeUnit.SECONDS);
            Await.until(() -> !waiting.isEmpty(), "nothing waits");
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code))
                    .get(10, TimeUnit.SECONDS);
            Await.until(waiting::isEmpty, "a request that was reset still waits");
            Await.until(() -> server.models.open.get() == 0, "requests stay open");
        } finally {
            server.models.waiting = null;
            client.stop();
        }
    }

    private static Stream open(Session session, String path, Stream.Listener listener) throws Exception {
        MetaData.Request request =
                new MetaData.Request("POST", HttpURI.from(server.uri(path)), HttpVersion.HTTP_2, HttpFields.EMPTY);
        Promise.Completable<Stream> opened = new Promise.Completable<>();
        session.newStream(new HeadersFrame(request, null, false), opened, listener);
        return opened.get(10, TimeUnit.SECONDS);
    }

    private static String post(Session session, String path, String body) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Stream.Listener listener = new Stream.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public void onHeaders(Stream stream, HeadersFrame frame) {
                text.append(((MetaData.Response) frame.getMetaData()).getStatus())
                        .append(' ');
                stream.demand();
            }

            @Override
            public void onDataAvailable(Stream stream) {
                Stream.Data data = stream.readData();
                if (data == null) {
                    stream.demand();
                    return;
                }
                text.append(StandardCharsets.UTF_8.decode(data.frame().getByteBuffer()));
                data.release();
                if (data.frame().isEndStream()) {
                    answer.complete(text.toString());
                } else {
                    stream.demand();
                }
            }
        };
        Stream stream = open(session, path, listener);
        stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), true))
                .get(10, TimeUnit.SECONDS);
        return answer.get(10, TimeUnit.SECONDS);
    }
}
