package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static FakeModel gated(CountDownLatch entered, CountDownLatch gate) {
        return FakeModel.of("gated", DataType.INT8, Shape.of(-1), inputs -> {
            try {
                entered.countDown();
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Tensor in = inputs.get("INPUT0");
            return Map.of(
                    "OUTPUT0",
                    new FakeTensor(DataType.INT8, in.shape(), in.buffer().remaining()));
        });
    }

    @Test
    void requestsUnderWayFinish() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        TestServer server = new TestServer();
        server.models.add(gated(entered, gate));
        server.models.waiting = new Apart();
        // A connection of its own that has been used and is kept alive.
        try (Socket kept = server.socket()) {
            kept.getOutputStream()
                    .write("GET /v2/health/ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(head(kept).startsWith("HTTP/1.1 200 "));
            CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(
                    () -> server.send(server.binary("gated", "", new byte[2]).build()));
            assertTrue(entered.await(10, TimeUnit.SECONDS));
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
            Await.until(() -> !accepts(server), "it still accepts connections");
            kept.getOutputStream()
                    .write("GET /v2/health/ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String last = new String(kept.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(last.startsWith("HTTP/1.1 400 "), last);
            assertTrue(last.contains("Connection: close"), last);
            assertTrue(last.contains("is stopping"), last);
            assertFalse(stopped.isDone());
            gate.countDown();
            assertEquals(200, answer.get(10, TimeUnit.SECONDS).statusCode());
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void requestsThatTakeTooLongAreCut() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        TestServer server = new TestServer(Map.of("stopTimeoutMillis", 100L));
        server.models.add(gated(entered, gate));
        server.models.waiting = new Apart();
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(
                () -> server.send(server.binary("gated", "", new byte[2]).build()));
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        try {
            CompletableFuture.runAsync(server::close).get(20, TimeUnit.SECONDS);
        } finally {
            gate.countDown();
        }
        assertThrows(Exception.class, () -> answer.get(10, TimeUnit.SECONDS));
        Await.until(() -> server.models.open.get() == 0, "the request stays open");
    }

    private static boolean accepts(TestServer server) {
        try (Socket probe = server.socket()) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads to the end of an answer's header; the answer must have no body. */
    private static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) in.read());
        }
        return text.toString();
    }

    @Test
    void portInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(
                    "port " + other.getLocalPort()
                            + " of 127.0.0.1 is in use by another process; choose another with --http-port",
                    refusal(Map.of("port", other.getLocalPort())));
        }
    }

    @Test
    void wrongAddress() {
        assertEquals(
                "address 192.0.2.1 does not belong to this machine; choose another with --http-address",
                refusal(Map.of("address", "192.0.2.1")));
        assertEquals(
                "address no.such.host.invalid is not known; choose another with --http-address",
                refusal(Map.of("address", "no.such.host.invalid")));
    }

    private static String refusal(Map<String, Object> settings) {
        FakeModels models = new FakeModels();
        return assertThrows(
                        HttpStartException.class,
                        () -> HttpEndpoint.start(TestServer.config(settings), models, models, "1", null))
                .getMessage();
    }
}
