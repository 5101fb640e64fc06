package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final String LIVE = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String INFER = "POST /v2/models/identity_INT8/infer HTTP/1.1\r\nHost: x\r\n"
            + InferOperation.HEADER_LENGTH + ": 0\r\nContent-Length: 3\r\n\r\nabc";

    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] start = socket.getInputStream().readNBytes(12);
        return new String(start, StandardCharsets.US_ASCII);
    }

    @Test
    void connectionsBeyondTheLimitMayAskButNotInfer() throws Exception {
        try (TestServer server = new TestServer(Map.of("maxConnections", 3))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Socket socket = server.socket();
                sockets.add(socket);
                assertEquals("HTTP/1.1 200", ask(socket, INFER));
            }
            String live = server.raw(LIVE);
            assertTrue(live.startsWith("HTTP/1.1 200 "), live);
            assertTrue(live.contains("Connection: close"), live);
            String refused = server.raw(INFER);
            assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
            assertTrue(refused.contains("Retry-After: 1\r\n"), refused);
            assertTrue(refused.contains("maxConnections"), refused);
            assertEquals(
                    503, server.post("/v2/repository/models/simple/load", "").statusCode());
            for (int i = 0; i < Connections.SPARE; i++) {
                sockets.add(server.socket());
            }
            // Beyond the spare ones: closed without a word, until those are closed for being idle.
            boolean closed = false;
            for (int i = 0; i < 10 && !closed; i++) {
                closed = closedAtOnce(server);
            }
            assertTrue(closed, "a connection far beyond the limit is kept");
            for (Socket socket : sockets) {
                socket.close();
            }
            Await.until(() -> infers(server), "places are not given back");
        }
    }

    private static boolean infers(TestServer server) {
        try {
            return server.raw(INFER.replace("Host", "Connection: close\r\nHost"))
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean closedAtOnce(TestServer server) throws IOException {
        try {
            return server.raw(LIVE).isEmpty();
        } catch (SocketException e) {
            return true;
        }
    }

    /** A byte now and then keeps a connection from being idle; the end of the header must come all the same. */
    @Test
    void headersThatDrip() throws Exception {
        try (TestServer server = new TestServer(Map.of("headerTimeoutMillis", 1000L));
                Socket kept = server.socket();
                Socket drips = server.socket()) {
            assertEquals("HTTP/1.1 200", ask(kept, LIVE));
            kept.getInputStream().skipNBytes(kept.getInputStream().available());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            drips.getOutputStream().write("GET /v2 HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            boolean closed = false;
            while (!closed && System.nanoTime() < end) {
                try {
                    drips.getOutputStream().write('x');
                    closed = drips.getInputStream().available() > 0;
                    Thread.sleep(50);
                } catch (SocketException e) {
                    closed = true;
                }
            }
            assertTrue(closed, "a header may take for ever");
            // An idle connection is none that drips.
            String answer = ask(kept, LIVE);
            assertTrue(answer.contains("HTTP/1.1"), answer);
        }
    }

    @Test
    void headerSize() throws IOException {
        try (TestServer server = new TestServer(Map.of("maxHeaderBytes", 1024))) {
            String head = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ";
            String fits = head + "y".repeat(1024 - head.length() - 4) + "\r\n\r\n";
            assertTrue(server.raw(fits).startsWith("HTTP/1.1 200 "));
            String answer = server.raw(head + "y".repeat(2000) + "\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
            answer = server.raw("GET /" + "y".repeat(2000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 414 "), answer);
        }
    }
}
