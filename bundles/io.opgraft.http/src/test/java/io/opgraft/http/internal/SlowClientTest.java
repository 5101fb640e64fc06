package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowClientTest {
    private static final String HALF = "POST /v2/models/identity_INT32/infer HTTP/1.1\r\nHost: x\r\n"
            + "Content-Length: 1000\r\n\r\n{\"inputs\":[";

    private static final String LATE = String.join(
            "\r\n",
            "POST /v2/models/slow/infer HTTP/1.1",
            "Host: x",
            "Connection: close",
            "Content-Length: 3",
            "Inference-Header-Content-Length: 0",
            "",
            "");

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(Map.of("idleTimeoutMillis", 300L, "threads", 8));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void bodyThatStops() throws IOException {
        String answer = server.raw(HALF);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("did not arrive in full"), answer);
    }

    @Test
    void headersThatStop() throws IOException {
        String answer = server.raw("POST /v2/mod");
        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    }

    /** Many more clients that have stopped than there are threads. */
    @Test
    void slowClientsHoldNoThreads() throws IOException {
        try (TestServer patient = new TestServer(Map.of("threads", 8))) {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    Socket socket = patient.socket();
                    sockets.add(socket);
                    socket.getOutputStream().write(HALF.getBytes(StandardCharsets.US_ASCII));
                }
                assertEquals(200, patient.get("/v2/health/live").statusCode());
                HttpResponse<String> answer = patient.infer(
                        "identity_INT32",
                        "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[1]}]}");
                assertEquals(200, answer.statusCode());
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    /** The idle timeout is for clients, not for models. */
    @Test
    void slowModel() throws Exception {
        server.models.add(FakeModel.of("slow", DataType.INT8, Shape.of(-1), inputs -> {
            try {
                Thread.sleep(1500);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Tensor in = inputs.get("INPUT0");
            return Map.of(
                    "OUTPUT0",
                    new FakeTensor(DataType.INT8, in.shape(), in.buffer().remaining()));
        }));
        HttpResponse<String> answer =
                server.send(server.binary("slow", "", new byte[3]).build());
        assertEquals(200, answer.statusCode(), answer.body());
        // The body comes after the server has begun to wait for it.
        try (Socket socket = server.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(LATE.getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(100);
            out.write(new byte[3]);
            String late = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(late.startsWith("HTTP/1.1 200 "), late);
        }
    }

    @Test
    void pace() {
        BodyLimits limits = new BodyLimits(1 << 20, 1000);
        assertFalse(limits.tooSlow(0, TimeUnit.SECONDS.toNanos(10)));
        assertFalse(limits.tooSlow(20_000, TimeUnit.SECONDS.toNanos(20)));
        assertTrue(limits.tooSlow(19_999, TimeUnit.SECONDS.toNanos(20)));
        assertFalse(new BodyLimits(1, 0).tooSlow(0, Long.MAX_VALUE));
    }
}
