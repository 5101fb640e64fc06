package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.serving.OverloadException;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final String HEAD = "POST /v2/models/identity_INT8/infer HTTP/1.1\r\nHost: x\r\n";

    @Test
    void requestsUpToTheLimit() throws Exception {
        Admission admission = new Admission(2, 100);
        Admission.Ticket first = admission.admit(10);
        Admission.Ticket second = admission.admit(-1);
        HttpFailure refused = assertThrows(HttpFailure.class, () -> admission.admit(0));
        assertEquals(503, refused.status());
        assertEquals(1, refused.retryAfterSeconds());
        assertTrue(refused.getMessage().contains("maxRequestsInFlight"), refused.getMessage());
        first.close();
        first.close();
        assertEquals(1, admission.requests());
        admission.admit(0).close();
        second.close();
        assertEquals(0, admission.requests());
        assertEquals(0, admission.bytes());
    }

    @Test
    void bytesUpToTheLimit() throws Exception {
        Admission admission = new Admission(10, 100);
        Admission.Ticket first = admission.admit(60);
        Admission.Ticket second = admission.admit(40);
        assertEquals(100, admission.bytes());
        assertEquals(
                503, assertThrows(HttpFailure.class, () -> admission.admit(1)).status());
        assertEquals(2, admission.requests());
        // What was declared is there already.
        first.received(60);
        first.tensor(60);
        assertThrows(OverloadException.class, () -> first.received(1));
        second.close();
        first.tensor(40);
        assertThrows(OverloadException.class, () -> first.tensor(1));
        assertThrows(OverloadException.class, () -> first.tensor(Long.MAX_VALUE));
        assertThrows(OverloadException.class, () -> first.tensor(Long.MAX_VALUE));
        first.close();
        assertEquals(0, admission.bytes());
    }

    @Test
    void declaredSizesThatOverflow() {
        Admission admission = new Admission(10, Long.MAX_VALUE);
        assertThrows(HttpFailure.class, () -> {
            admission.admit(Long.MAX_VALUE);
            admission.admit(Long.MAX_VALUE);
        });
    }

    private static void assertBusy(String answer, String limit) {
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertTrue(answer.contains("Retry-After: 1\r\n"), answer);
        assertTrue(answer.contains(limit), answer);
        assertTrue(answer.contains("{\"error\":\""), answer);
    }

    private static void assertAnswersQuestions(TestServer server) {
        assertEquals(200, server.get("/v2/health/live").statusCode());
        assertEquals(200, server.get("/v2/health/ready").statusCode());
        assertEquals(200, server.get("/v2/models/simple").statusCode());
        assertEquals(200, server.post("/v2/repository/index", "").statusCode());
    }

    /** Bodies that are announced hold their room; the first one beyond is refused before it sends a byte. */
    @Test
    void announcedBodies() throws Exception {
        try (TestServer server = new TestServer(Map.of("maxBytesInFlight", 3000L))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Socket socket = server.socket();
                sockets.add(socket);
                socket.getOutputStream()
                        .write((HEAD + "Content-Length: 1000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            Await.until(() -> server.endpoint.admission().bytes() == 3000, "the bodies do not count");
            assertBusy(server.raw(HEAD + "Connection: close\r\nContent-Length: 1\r\n\r\nx"), "maxBytesInFlight");
            assertAnswersQuestions(server);
            assertEquals(0, server.models.allocated.get());
            for (Socket socket : sockets) {
                socket.close();
            }
            assertAdmitsAgain(server);
        }
    }

    /** Chunks tell no size: what arrives counts. */
    @Test
    void bodiesThatGrow() throws Exception {
        try (TestServer server = new TestServer(Map.of("maxBytesInFlight", 3000L))) {
            String chunked = HEAD + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertBusy(server.raw(chunked + "bb9\r\n" + " ".repeat(3001) + "\r\n0\r\n\r\n"), "maxBytesInFlight");
            String right = server.raw(chunked + "bb8\r\n" + " ".repeat(3000) + "\r\n0\r\n\r\n");
            assertTrue(right.startsWith("HTTP/1.1 400 "), right);
            assertAdmitsAgain(server);
        }
    }

    /** A short JSON text that stands for a large tensor, and a binary one that a chunked body announces. */
    @Test
    void tensorsCountBeforeTheyAreAllocated() throws Exception {
        try (TestServer server = new TestServer(Map.of("maxBytesInFlight", 3000L))) {
            String json = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP64\",\"shape\":[400],\"data\":[0"
                    + ",0".repeat(399) + "]}]}";
            HttpResponse<String> answer = server.infer("identity_FP64", json);
            assertEquals(503, answer.statusCode(), answer.body());
            String head = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT8\",\"shape\":[3001],"
                    + "\"parameters\":{\"binary_data_size\":3001}}]}";
            assertBusy(
                    server.raw(HEAD + "Connection: close\r\nTransfer-Encoding: chunked\r\n"
                            + InferOperation.HEADER_LENGTH + ": " + head.length() + "\r\n\r\n"
                            + Integer.toHexString(head.length()) + "\r\n" + head + "\r\n0\r\n\r\n"),
                    "maxBytesInFlight");
            assertEquals(0, server.models.allocated.get());
            assertAdmitsAgain(server);
        }
    }

    private static void assertAdmitsAgain(TestServer server) throws InterruptedException {
        Await.until(
                () -> server.endpoint.admission().bytes() == 0
                        && server.endpoint.admission().requests() == 0,
                "places are not given back");
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
        assertEquals(
                200,
                server.send(server.binary("identity_INT8", "", new byte[3]).build())
                        .statusCode());
    }

    /** More requests than may be under way: the rest is refused at once, and the server can be asked throughout. */
    @Test
    void overload() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestServer server = new TestServer(Map.of("maxRequestsInFlight", 8, "threads", 32))) {
            server.models.waiting = new Apart();
            server.models.add(FakeModel.of("slow", DataType.INT8, Shape.of(-1), inputs -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return Map.of("OUTPUT0", new FakeTensor(DataType.INT8, Shape.of(3), 3));
            }));
            List<CompletableFuture<Integer>> slow = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                slow.add(server.client
                        .sendAsync(
                                server.binary("slow", "", new byte[3]).build(), HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode));
            }
            Await.until(() -> server.endpoint.admission().requests() == 8, "they do not arrive");
            String one = HEAD.replace("identity_INT8", "slow") + InferOperation.HEADER_LENGTH
                    + ": 0\r\nContent-Length: 3\r\n\r\nabc";
            long best = Long.MAX_VALUE;
            try (Socket socket = server.socket()) {
                for (int i = 0; i < 40; i++) {
                    long begin = System.nanoTime();
                    socket.getOutputStream().write(one.getBytes(StandardCharsets.US_ASCII));
                    String answer = readAnswer(socket);
                    best = Math.min(best, System.nanoTime() - begin);
                    assertBusy(answer, "maxRequestsInFlight");
                }
            }
            // The best of many, because the machine of a test may be busy with others.
            assertTrue(best < TimeUnit.MILLISECONDS.toNanos(5), "refused after " + best + " ns");
            assertAnswersQuestions(server);
            gate.countDown();
            for (CompletableFuture<Integer> answer : slow) {
                assertEquals(200, answer.get(20, TimeUnit.SECONDS));
            }
            assertAdmitsAgain(server);
        }
    }

    private static String readAnswer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\"}") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("closed after: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }
}
