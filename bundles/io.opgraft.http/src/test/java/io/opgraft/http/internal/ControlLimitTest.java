package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loading models must not take the threads of all else. */
class ControlLimitTest {
    private static final String LOAD = "/v2/repository/models/simple/load";
    private static final String UNLOAD = "/v2/repository/models/identity_FP64/unload";

    private static CompletableFuture<HttpResponse<String>> load(TestServer server) {
        HttpRequest request = HttpRequest.newBuilder(server.uri(LOAD))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return server.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void assertBusy(HttpResponse<String> answer, int limit) {
        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals("2", answer.headers().firstValue("Retry-After").orElse(""));
        assertTrue(answer.body().contains("the server has " + limit + " requests for model control"), answer.body());
        assertTrue(answer.body().contains("maxControlRequests"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({"2, 64, 2", "100, 8, 2", "16, 64, 16", "0, 64, 1"})
    void beyondTheLimitAtOnce(int configured, int threads, int limit) throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        List<CompletableFuture<HttpResponse<String>>> loads = new ArrayList<>();
        try (TestServer server = new TestServer(Map.of("maxControlRequests", configured, "threads", threads))) {
            server.models.loading = slow;
            try {
                for (int i = 0; i < limit; i++) {
                    loads.add(load(server));
                }
                Await.until(() -> server.endpoint.control().taken() == limit, "the loads do not begin");
                for (int i = 0; i < 20; i++) {
                    assertBusy(load(server).get(20, TimeUnit.SECONDS), limit);
                }
                assertBusy(server.post(UNLOAD, ""), limit);
                assertEquals(200, server.get("/v2/health/ready").statusCode());
                assertEquals(200, server.get("/v2/models/simple").statusCode());
                assertEquals(200, server.post("/v2/repository/index", "").statusCode());
                assertEquals(
                        200,
                        server.send(server.binary("identity_INT8", "", new byte[100_000])
                                        .build())
                                .statusCode());
            } finally {
                slow.countDown();
            }
            for (CompletableFuture<HttpResponse<String>> load : loads) {
                assertEquals(200, load.get(20, TimeUnit.SECONDS).statusCode());
            }
            Await.until(() -> server.endpoint.control().taken() == 0, "places stay taken");
            assertEquals(200, server.post(UNLOAD, "").statusCode());
        }
    }

    /** However a request ends, its place is free again. */
    @Test
    void noPlaceIsLost() throws Exception {
        try (TestServer server = new TestServer(Map.of("maxControlRequests", 1))) {
            for (int i = 0; i < 3; i++) {
                assertRefused(server, 400, LOAD, "[");
                assertRefused(server, 400, "/v2/repository/models/nope/load", "");
                assertRefused(server, 404, "/v2/repository/models/nope/unload", "");
                assertRefused(server, 413, UNLOAD, " ".repeat(70_000));
                server.raw("POST " + LOAD + " HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n"
                        + "Connection: close\r\n\r\nabc");
                assertAllFree(server);
                try (Socket gone = server.socket()) {
                    gone.getOutputStream()
                            .write(("POST " + LOAD + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
                                    .getBytes(StandardCharsets.US_ASCII));
                    Await.until(() -> server.endpoint.control().taken() == 1, "a place for what has begun");
                }
                assertAllFree(server);
            }
            assertEquals(200, server.post(LOAD, "").statusCode());
        }
    }

    private static void assertRefused(TestServer server, int status, String path, String body) throws Exception {
        assertEquals(status, server.post(path, body).statusCode());
        assertAllFree(server);
    }

    private static void assertAllFree(TestServer server) throws Exception {
        Await.until(() -> server.endpoint.control().taken() == 0, "places stay taken");
    }
}
