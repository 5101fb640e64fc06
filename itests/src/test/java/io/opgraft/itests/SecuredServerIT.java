package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server with everything that guards it: TLS, client certificates, tokens, the access log and a log in JSON. */
class SecuredServerIT {
    private static final String CONTROL = "control-token-0123456789";
    private static final String INFER = "inference-token-0123456789";
    private static final String WRONG = "wrong-token-0123456789";

    private static final List<String> READ = List.of(
            "GET /v2",
            "GET /v2/health/live",
            "GET /v2/health/ready",
            "GET /v2/wiring",
            "GET /v2/models/stats",
            "GET /v2/models/simple",
            "GET /v2/models/simple/versions/1",
            "GET /v2/models/simple/ready",
            "GET /v2/models/simple/config",
            "GET /v2/models/simple/wiring",
            "GET /v2/models/simple/bom",
            "GET /v2/models/simple/versions/1/stats",
            "GET /v2/logging",
            "GET /v2/trace/setting",
            "GET /v2/models/simple/trace/setting",
            "POST /v2/repository/index");
    private static final List<String> COMPUTE =
            List.of("POST /v2/models/simple/infer", "POST /v2/models/%73imple/versions/1/infer");
    private static final List<String> CHANGE = List.of(
            "POST /v2/repository/models/simple/load",
            "POST /v2/repository/models/simple_copy/unload",
            "POST /v2/repository/models/simple_copy/%6coad",
            "POST /v2/logging",
            "POST /v2/trace/setting",
            "POST /v2/models/simple/trace/setting");

    @TempDir
    private static Path folder;

    private static TlsFixture first;
    private static TlsFixture second;
    private static TlsFixture user;
    private static TlsFixture stranger;
    private static Path accessLog;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        first = TlsFixture.make(folder, "first");
        second = TlsFixture.make(folder, "second");
        user = TlsFixture.make(folder, "user");
        // Of the same name, or the client would not even show it.
        stranger = TlsFixture.make(Files.createDirectory(folder.resolve("elsewhere")), "user");
        first.write(folder.resolve("server.crt"), folder.resolve("server.key"));
        user.write(folder.resolve("users.crt"), folder.resolve("user.key"));
        Files.writeString(folder.resolve("tokens"), "# of the pipeline\n" + CONTROL + "\n");
        Files.writeString(folder.resolve("users"), INFER + "\n");
        Path models = Files.createDirectories(folder.resolve("models"));
        FixtureRepository.copyTree(AddSub.models().resolve("simple"), models.resolve("simple"));
        FixtureRepository.copyTree(AddSub.models().resolve("simple"), models.resolve("simple_copy"));
        Files.deleteIfExists(models.resolve("simple_copy/config.pbtxt"));
        accessLog = folder.resolve("access.log");
        server = ServerProcess.start(
                folder.resolve("data"),
                models,
                "--model-control-mode=explicit",
                "--load-model=*",
                "--tls-certificate=" + folder.resolve("server.crt"),
                "--tls-key=" + folder.resolve("server.key"),
                "--tls-client-ca=" + folder.resolve("users.crt"),
                "--tls-client-auth=optional",
                "--token-file=" + folder.resolve("tokens"),
                "--inference-token-file=" + folder.resolve("users"),
                "--access-log",
                accessLog.toString(),
                "--log-format=json",
                "--allow-settings");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static HttpClient client(HttpClient.Version version, TlsFixture own) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TlsFixture.context(own, first, second))
                .build();
    }

    private static HttpRequest.Builder request(String route) {
        String[] parts = route.split(" ", -1);
        String body = parts[1].endsWith("infer") ? AddSub.request(1, 2) : "";
        return HttpRequest.newBuilder(server.address().resolve(parts[1]))
                .timeout(Duration.ofSeconds(60))
                .method(
                        parts[0],
                        parts[0].equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> ask(HttpClient client, String route, String token, String... headers)
            throws Exception {
        HttpRequest.Builder request = request(route);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyRouteWithEveryKindOfToken() throws Exception {
        HttpClient client = client(HttpClient.Version.HTTP_2, null);
        for (String route : READ) {
            for (String token : new String[] {null, WRONG, INFER, CONTROL}) {
                HttpResponse<String> answer = ask(client, route, token);
                assertEquals(200, answer.statusCode(), route + ": " + answer.body());
                assertEquals(HttpClient.Version.HTTP_2, answer.version());
            }
        }
        for (String route : COMPUTE) {
            assertEquals(401, ask(client, route, null).statusCode(), route);
            assertEquals(401, ask(client, route, WRONG).statusCode(), route);
            assertEquals(200, ask(client, route, INFER).statusCode(), route);
            assertEquals(200, ask(client, route, CONTROL).statusCode(), route);
        }
        for (String route : CHANGE) {
            HttpResponse<String> refused = ask(client, route, null);
            assertEquals(401, refused.statusCode(), route);
            assertTrue(refused.headers().firstValue("WWW-Authenticate").isPresent(), route);
            assertEquals(401, ask(client, route, WRONG).statusCode(), route);
            assertEquals(403, ask(client, route, INFER).statusCode(), route);
            HttpResponse<String> answer = ask(client, route, CONTROL);
            assertEquals(200, answer.statusCode(), route + ": " + answer.body());
        }
    }

    @Test
    void clientCertificatesAreOptionalButMustBeRight() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            assertEquals(200, ask(client(version, null), "GET /v2", null).statusCode());
            assertEquals(200, ask(client(version, user), "GET /v2", null).statusCode());
            assertThrows(IOException.class, () -> ask(client(version, stranger), "GET /v2", null));
        }
        URI plain = URI.create("http://" + server.address().getAuthority() + "/v2");
        assertThrows(IOException.class, () -> HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(plain).build(), HttpResponse.BodyHandlers.ofString()));
    }

    private static String shown() throws Exception {
        SSLSession session = ask(client(HttpClient.Version.HTTP_1_1, null), "GET /v2", null)
                .sslSession()
                .orElseThrow();
        return ((X509Certificate) session.getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void filesThatChangeAreTaken() throws Exception {
        HttpClient before = client(HttpClient.Version.HTTP_1_1, null);
        assertEquals(200, ask(before, "GET /v2", null).statusCode());
        assertEquals("CN=first", shown());
        second.write(folder.resolve("server.crt"), folder.resolve("server.key"));
        Files.writeString(folder.resolve("tokens"), CONTROL + "\nanother-" + CONTROL + "\n");
        await(() -> shown().equals("CN=second"));
        assertEquals(200, ask(before, "GET /v2", null).statusCode());
        String load = "POST /v2/repository/models/simple/load";
        await(() -> ask(before, load, "another-" + CONTROL).statusCode() == 200);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, "not within a minute");
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static List<JsonObject> objects(String lines) {
        return lines.lines()
                .map(line -> {
                    try (JsonReader reader = Json.createReader(new StringReader(line))) {
                        return reader.readObject();
                    }
                })
                .toList();
    }

    @Test
    void accessLogHasALineForEachRequest() throws Exception {
        HttpClient client = client(HttpClient.Version.HTTP_1_1, null);
        for (int i = 0; i < 5; i++) {
            ask(client, COMPUTE.get(0), INFER, "X-Request-Id", "computed-" + i);
            ask(client, COMPUTE.get(0), WRONG, "X-Request-Id", "refused-" + i);
        }
        ask(client, "GET /v2/models/a%0a%22%7d%e2%80%a8?token=" + CONTROL, null);
        HttpRequest forged = request(COMPUTE.get(0))
                .header("Authorization", "Bearer " + INFER)
                .POST(HttpRequest.BodyPublishers.ofString(AddSub.request(1, 2)
                        .replaceFirst("\\{", "{\"id\":\"forged\\\\n\\\\\"},{\\\\u2028\\\\u00e9\",")))
                .build();
        assertEquals(
                200, client.send(forged, HttpResponse.BodyHandlers.ofString()).statusCode());
        await(() -> Files.readString(accessLog).contains("forged"));
        String all = Files.readString(accessLog);
        assertTrue(all.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), "not plain ASCII");
        assertFalse(all.contains(CONTROL) || all.contains(INFER), "a token is in the log");
        List<JsonObject> lines = objects(all);
        for (int i = 0; i < 5; i++) {
            assertEquals(200, line(lines, "computed-" + i).getInt("status"));
            assertEquals(401, line(lines, "refused-" + i).getInt("status"));
            assertEquals("simple", line(lines, "computed-" + i).getString("model"));
        }
        assertEquals(200, line(lines, "forged\n\"},{\u2028\u00e9").getInt("status"));
        JsonObject wrongName = lines.stream()
                .filter(l -> l.getString("path", "").contains("%e2%80%a8"))
                .findFirst()
                .orElseThrow();
        assertEquals(400, wrongName.getInt("status"));
    }

    private static JsonObject line(List<JsonObject> lines, String id) {
        List<JsonObject> found = lines.stream()
                .filter(l -> l.getString("request_id", "").equals(id))
                .toList();
        assertEquals(1, found.size(), "lines of request " + id);
        return found.get(0);
    }

    /** At a level that a request has set, the log tells of refused requests, with the request's id and model. */
    @Test
    void logIsJsonWithIdAndModel() throws Exception {
        HttpClient client = client(HttpClient.Version.HTTP_1_1, null);
        setVerbose(client, 1);
        HttpRequest wrong = request(COMPUTE.get(0))
                .header("Authorization", "Bearer " + INFER)
                .header("X-Request-Id", "id-of-the-wrong-one")
                .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\":[{\"name\":\"a\\n{}\\u2028b\"}]}"))
                .build();
        assertEquals(
                400, client.send(wrong, HttpResponse.BodyHandlers.ofString()).statusCode());
        await(() -> server.log().contains("id-of-the-wrong-one"));
        setVerbose(client, 0);
        // TensorFlow itself writes there too.
        String line = server.log()
                .lines()
                .filter(l -> l.contains("id-of-the-wrong-one"))
                .findFirst()
                .orElseThrow();
        JsonObject event = objects(line).get(0);
        assertEquals("DEBUG", event.getString("level"));
        assertTrue(event.toString().contains("\"model\":\"simple\""), line);
        assertTrue(event.toString().contains("\"request_id\":\"id-of-the-wrong-one\""), line);
    }

    private static void setVerbose(HttpClient client, int level) throws Exception {
        HttpRequest set = request("POST /v2/logging")
                .header("Authorization", "Bearer " + CONTROL)
                .POST(HttpRequest.BodyPublishers.ofString("{\"log_verbose_level\":" + level + "}"))
                .build();
        HttpResponse<String> answer = client.send(set, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"log_verbose_level\":" + level), answer.body());
    }
}
