package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
    private static final String INFER = "POST /v2/models/identity_INT32/infer HTTP/1.1\r\nHost: x\r\n";
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[3],\"data\":[7,8,9]}]}";
    private static final String SMUGGLED = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of("maxRequestBytes", 1L << 20));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingStaysOpenAndTheServerLives() throws InterruptedException {
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
        assertEquals(200, server.get("/v2/health/live").statusCode());
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 5\r\nContent-Length: 5\r\n",
                "Content-Length: 5, 5\r\n",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: -5\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length : 5\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: xchunked\r\n",
                " Content-Length: 5\r\n",
            })
    void smuggling(String headers) throws IOException {
        String answer = server.raw(INFER + headers + "\r\n0\r\n\r\n" + SMUGGLED);
        assertEquals(1, count(answer, "HTTP/1.1 "), answer);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("{\"error\":\""), answer);
        assertTrue(answer.contains("application/json"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "3\r\nabcdef\r\n"})
    void brokenChunks(String chunks) throws IOException {
        String answer = server.raw(INFER + "Transfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertEquals(1, count(answer, "HTTP/1.1 "), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /v2 HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /v2 HTTP/1.1\r\n\r\n"
            })
    void brokenRequests(String request) throws IOException {
        String answer = server.raw(request);
        assertTrue(answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 505"), answer);
        assertTrue(answer.contains("{\"error\":\""), answer);
    }

    /** A proxy's request; what comes after it on the connection would be no HTTP. */
    @Test
    void connect() throws IOException {
        try (Socket socket = server.socket()) {
            socket.getOutputStream()
                    .write("CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 404", answer);
        }
    }

    @Test
    void longHeaders() throws IOException {
        String answer = server.raw("GET /v2 HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
        assertTrue(answer.contains("{\"error\":\""), answer);
    }

    @Test
    void pipelining() throws IOException {
        String one = INFER + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
        String answer = server.raw(
                SMUGGLED + one + one + SMUGGLED + "GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertEquals(5, count(answer, "HTTP/1.1 200 "), answer);
        assertEquals(2, count(answer, "[7,8,9]"), answer);
    }

    @Test
    void errorsKeepTheConnection() throws IOException {
        String bad = INFER + "Content-Length: 5\r\n\r\nnope!";
        String tooManyBytes = INFER + InferOperation.HEADER_LENGTH + ": 2\r\nContent-Length: 10\r\n\r\n{}12345678";
        String unknown = bad.replace("identity_INT32", "nope");
        String answer =
                server.raw(bad + tooManyBytes + unknown + "GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertEquals(2, count(answer, "HTTP/1.1 400 "), answer);
        assertEquals(1, count(answer, "HTTP/1.1 404 "), answer);
        assertEquals(1, count(answer, "HTTP/1.1 200 "), answer);
    }

    @Test
    void chunks() throws IOException {
        StringBuilder chunked = new StringBuilder();
        for (int i = 0; i < BODY.length(); i++) {
            chunked.append("1;ext=\"a\"\r\n").append(BODY.charAt(i)).append("\r\n");
        }
        String answer = server.raw(INFER + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked
                + "0\r\nTrailer: x\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("[7,8,9]"), answer);
    }

    /** Binary data in pieces of one byte, as chunks whose number the client does not limit. */
    @Test
    void manyTinyChunks() throws IOException {
        int size = 200_000;
        String json = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"UINT8\",\"shape\":[" + size
                + "],\"parameters\":{\"binary_data_size\":" + size + "}}],\"outputs\":[{\"name\":\"OUTPUT0\","
                + "\"parameters\":{\"binary_data\":true}}]}";
        String request = INFER.replace("INT32", "UINT8") + "Connection: close\r\nTransfer-Encoding: chunked\r\n"
                + InferOperation.HEADER_LENGTH + ": " + json.length() + "\r\n\r\n"
                + Integer.toHexString(json.length()) + "\r\n" + json + "\r\n" + "1\r\nz\r\n".repeat(size) + "0\r\n\r\n";
        String answer = server.raw(request);
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer.substring(0, Math.min(answer.length(), 500)));
        assertTrue(answer.endsWith("z".repeat(size)));
    }

    @Test
    void chunkedBinarySizesThatDisagree() throws IOException {
        String json = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[2],"
                + "\"parameters\":{\"binary_data_size\":8}}]}";
        String head = INFER + "Connection: close\r\nTransfer-Encoding: chunked\r\n" + InferOperation.HEADER_LENGTH
                + ": " + json.length() + "\r\n\r\n" + Integer.toHexString(json.length()) + "\r\n" + json + "\r\n";
        String answer = server.raw(head + "7\r\n1234567\r\n0\r\n\r\n");
        assertTrue(answer.contains("the body ends 1 bytes before the end of the tensor"), answer);
        answer = server.raw(head + "9\r\n123456789\r\n0\r\n\r\n");
        assertTrue(answer.contains("the body goes on after"), answer);
        answer = server.raw(INFER + "Connection: close\r\nTransfer-Encoding: chunked\r\n" + InferOperation.HEADER_LENGTH
                + ": 1000\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
        assertTrue(answer.contains("is 1000, but the body has only 2 bytes"), answer);
    }

    @Test
    void tooLarge() throws IOException {
        // Refused by its length, before the body.
        String answer = server.raw(INFER + "Connection: close\r\nContent-Length: 1048577\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("maxRequestBytes"), answer);
        // The client sends all of it and still gets its answer.
        answer = server.raw(INFER + "Connection: close\r\nContent-Length: 1048577\r\n\r\n" + " ".repeat(1_048_577));
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        // Refused when it has grown too large.
        String chunk = "10000\r\n" + " ".repeat(65_536) + "\r\n";
        answer = server.raw(
                INFER + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17) + "0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        // Exactly the limit.
        String padded = BODY + " ".repeat((1 << 20) - BODY.length());
        answer = server.raw(INFER + "Connection: close\r\nContent-Length: " + padded.length() + "\r\n\r\n" + padded);
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }

    @Test
    void expectContinue() throws IOException {
        try (Socket socket = server.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write((INFER + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: " + BODY.length()
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String interim =
                    new String(in.readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length()), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", interim);
            out.write(BODY.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    void expectContinueThatIsRefused() throws IOException {
        String answer = server.raw(
                INFER.replace("identity_INT32", "nope") + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
        answer = server.raw(INFER + "Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
    }

    @Test
    void clientThatLeaves() throws Exception {
        String json = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[2],"
                + "\"parameters\":{\"binary_data_size\":8}}]}";
        int before = server.models.allocated.get();
        try (Socket socket = server.socket()) {
            String head = INFER + InferOperation.HEADER_LENGTH + ": " + json.length() + "\r\nContent-Length: "
                    + (json.length() + 8) + "\r\n\r\n" + json + "half";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            Await.until(() -> server.models.allocated.get() > before, "the tensor is not allocated");
            assertEquals(1, server.models.open.get());
        }
    }
}
