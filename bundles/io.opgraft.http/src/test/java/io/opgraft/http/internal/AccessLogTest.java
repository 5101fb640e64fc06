package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("access.log");
    }

    private TestServer server() {
        return new TestServer(Map.of("accessLog", file().toString(), "maxHeaderBytes", 4096));
    }

    /** The lines that are there when the server has stopped, or at once. */
    private List<Map<String, String>> lines() throws IOException {
        List<Map<String, String>> lines = new ArrayList<>();
        String text = Files.readString(file(), StandardCharsets.US_ASCII);
        assertTrue(text.isEmpty() || text.endsWith("\n"), text);
        for (String line : text.lines().toList()) {
            Map<String, String> fields = new HashMap<>();
            try (JsonParser json = Json.FACTORY.createParser(line)) {
                assertEquals(JsonToken.START_OBJECT, json.nextToken(), line);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    fields.put(name, json.getText());
                }
                assertEquals(null, json.nextToken(), line);
            }
            lines.add(fields);
        }
        return lines;
    }

    @Test
    void anInference() throws IOException {
        String body =
                "{\"id\":\"r-1\",\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[7]}]}";
        Instant before = Instant.now().minusSeconds(1);
        int answered;
        try (TestServer server = server()) {
            answered = server.infer("identity_INT32", body).body().length();
        }
        assertEquals(1, lines().size());
        Map<String, String> line = lines().get(0);
        assertTrue(Instant.parse(line.get("time")).isAfter(before), line.toString());
        assertTrue(line.get("remote").matches("127\\.0\\.0\\.1:[0-9]+"), line.toString());
        assertTrue(Long.parseLong(line.get("duration_us")) > 0, line.toString());
        line.keySet().removeAll(List.of("time", "remote", "duration_us"));
        assertEquals(
                Map.of(
                        "protocol", "HTTP/1.1",
                        "method", "POST",
                        "path", "/v2/models/identity_INT32/infer",
                        "status", "200",
                        "bytes_in", Integer.toString(body.length()),
                        "bytes_out", Integer.toString(answered),
                        "model", "identity_INT32",
                        "version", "1",
                        "request_id", "r-1"),
                line);
    }

    /** A line is written when the answer is gone, which the client of the next request need not wait for. */
    private void awaitLines(int count) throws InterruptedException {
        Await.until(
                () -> {
                    try {
                        return Files.readString(file()).lines().count() == count;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "not " + count + " lines");
    }

    @Test
    void otherRequests() throws Exception {
        try (TestServer server = server()) {
            server.send(HttpRequest.newBuilder(server.uri("/v2/models/simple/versions/7?secret=x"))
                    .header("X-Request-Id", "from-header")
                    .header("Authorization", "Bearer secret")
                    .build());
            awaitLines(1);
            server.get("/v2/health/live");
            awaitLines(2);
            server.raw("NONSENSE\r\n\r\n");
            awaitLines(3);
            server.raw("GET /v2 HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(9000) + "\r\n\r\n");
            awaitLines(4);
            server.post("/v2/models/simple/infer", "broken");
        }
        List<Map<String, String>> lines = lines();
        assertEquals(
                List.of("404", "200", "400", "431", "400"),
                lines.stream().map(l -> l.get("status")).toList());
        assertEquals("simple", lines.get(0).get("model"));
        assertEquals("7", lines.get(0).get("version"));
        assertEquals("from-header", lines.get(0).get("request_id"));
        assertFalse(lines.get(1).containsKey("model"));
        assertFalse(Files.readString(file()).contains("secret"));
    }

    @Test
    void nobodyCanForgeALine() throws IOException {
        List<String> corpus = List.of(
                "%0a{\"status\":200}",
                "%0d%0aHTTP/1.1",
                "\"},{\"status\":200",
                "\\\",\\u000a",
                "%00%1b[2J",
                "%e2%80%a8%c2%85",
                "caf\u00e9\u0085",
                "${jndi:ldap://x}",
                "{}%s%n$1");
        try (TestServer server = server()) {
            for (String name : corpus) {
                server.raw("GET /v2/models/" + name + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                String id = name.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("%0a", "\\n")
                        .replace("%0d", "\\r");
                server.infer(
                        "identity_INT32",
                        "{\"id\":\"" + id + "\",\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\","
                                + "\"shape\":[1],\"data\":[7]}]}");
            }
            server.infer(
                    "identity_INT32",
                    "{\"id\":\"" + "x".repeat(100_000) + "\",\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\","
                            + "\"shape\":[1],\"data\":[7]}]}");
        }
        List<Map<String, String>> lines = lines();
        assertEquals(2 * corpus.size() + 1, lines.size());
        // Requests of different connections may change places.
        List<Map<String, String>> inferences =
                lines.stream().filter(line -> line.get("request_id") != null).toList();
        for (int i = 0; i < corpus.size(); i++) {
            assertEquals(
                    corpus.get(i).replace("%0a", "\n").replace("%0d", "\r"),
                    inferences.get(i).get("request_id"));
        }
        for (byte b : Files.readAllBytes(file())) {
            assertTrue(b == '\n' || (b >= ' ' && b <= '~'));
        }
        assertTrue(inferences.get(corpus.size()).get("request_id").length() < 300);
    }

    @Test
    void aFileThatIsMovedAwayGetsASuccessor() throws Exception {
        try (TestServer server = server()) {
            server.get("/v2");
            Await.until(() -> sizeOf(file()) > 0, "nothing is written");
            Path old = folder.resolve("access.log.1");
            Files.move(file(), old);
            long before = sizeOf(old);
            Await.until(() -> Files.exists(file()), "there is no new file");
            server.get("/v2/health/live");
            Await.until(() -> sizeOf(file()) > 0, "the new file is not used");
            assertEquals(before, sizeOf(old));
        }
        assertEquals("/v2/health/live", lines().get(0).get("path"));
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void aPlaceThatCannotBeWritten() {
        FakeModels models = new FakeModels();
        String message = assertThrows(
                        HttpStartException.class,
                        () -> HttpEndpoint.start(
                                TestServer.config(Map.of("accessLog", folder.toString())), models, models, "1", null))
                .getMessage();
        assertTrue(message.contains(folder.toString()), message);
    }
}
