package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every route with every kind of token, over HTTP/1.1 and HTTP/2. */
class RightsTest {
    private static final String CONTROL = "control-token-0123456789";
    private static final String INFER = "inference-token-0123456789";
    private static final String WRONG = "wrong-token-0123456789";
    private static final String IDENTITY = "identity_INT8";
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS");

    /** All that V2Handler serves: right, method and path. */
    private static final List<String> SERVED = List.of(
            "READ GET /v2",
            "READ GET /v2/health/live",
            "READ GET /v2/health/ready",
            "READ GET /v2/wiring",
            "READ GET /v2/models/stats",
            "READ GET /v2/models/M",
            "READ GET /v2/models/M/ready",
            "READ GET /v2/models/M/config",
            "READ GET /v2/models/M/wiring",
            "READ GET /v2/models/M/bom",
            "READ GET /v2/models/M/stats",
            "READ POST /v2/repository/index",
            "READ POST /v2/repository/local/index",
            "READ GET /v2/logging",
            "CONTROL POST /v2/logging",
            "READ GET /v2/trace/setting",
            "CONTROL POST /v2/trace/setting",
            "READ GET /v2/models/M/trace/setting",
            "CONTROL POST /v2/models/M/trace/setting",
            "INFER POST /v2/models/M/infer",
            "CONTROL POST /v2/repository/models/M/load",
            "CONTROL POST /v2/repository/models/M/unload");

    /** What is refused whoever asks. */
    private static final List<String> REFUSED = List.of(
            "/v2/models/M/generate",
            "/v2/models/M/generate_stream",
            "/v2/systemsharedmemory/status",
            "/v2/systemsharedmemory/region/a/register",
            "/v2/cudasharedmemory/status",
            "/v2/xpusharedmemory/status",
            "/v2/repository/local/models/M/load",
            "/v2/repository/local/models/M/unload");

    @TempDir
    private Path folder;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        Path control = Files.writeString(folder.resolve("control"), CONTROL);
        Path infer = Files.writeString(folder.resolve("infer"), INFER);
        server = new TestServer(
                Map.of("tokenFile", control.toString(), "inferenceTokenFile", infer.toString(), "allowSettings", true));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** With a version in it as well, where there is a model. */
    private static List<String> spellings(String path) {
        List<String> all = new ArrayList<>(List.of(path.replace("/M", "/" + IDENTITY), path + "/"));
        if (path.startsWith("/v2/models/M")) {
            all.add(path.replace("/M", "/M/versions/1"));
        }
        all.replaceAll(p -> p.replace("/M", "/%69" + IDENTITY.substring(1)));
        return all;
    }

    private int status(HttpClient client, String method, String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
        if (path.contains("/infer")) {
            request.header(InferOperation.HEADER_LENGTH, "0");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        request.method(
                method,
                method.equals("POST")
                        ? HttpRequest.BodyPublishers.ofString(path.contains("/infer") ? "abc" : "")
                        : HttpRequest.BodyPublishers.noBody());
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        // One of the routes takes it away.
        server.models.add(FakeModel.identity(IDENTITY, DataType.INT8, Shape.of(-1)));
        assertFalse(answer.body().contains("0123456789"), answer.body());
        return answer.statusCode();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void everyRoute(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        for (String route : SERVED) {
            String[] parts = route.split(" ", -1);
            Right right = Right.valueOf(parts[0]);
            for (String path : spellings(parts[2])) {
                int unknown = right == Right.READ ? 200 : 401;
                assertEquals(unknown, status(client, parts[1], path, null), route + " without a token");
                assertEquals(unknown, status(client, parts[1], path, WRONG), route + " with a wrong token");
                int user = right == Right.CONTROL ? 403 : 200;
                assertEquals(user, status(client, parts[1], path, INFER), route + " with a token for inference");
                assertEquals(200, status(client, parts[1], path, CONTROL), route + " with a token for control");
            }
        }
        for (String refused : REFUSED) {
            for (String token : new String[] {null, WRONG, CONTROL}) {
                assertEquals(501, status(client, "POST", refused.replace("/M", "/" + IDENTITY), token), refused);
            }
        }
    }

    /** No path does anything by a method that the list does not have. */
    @Test
    void noOtherMethods() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Map<String, Set<String>> served = new HashMap<>();
        for (String route : SERVED) {
            String[] parts = route.split(" ", -1);
            Set<String> methods = served.computeIfAbsent(parts[2], p -> new TreeSet<>(Set.of("OPTIONS")));
            methods.add(parts[1]);
            if (parts[1].equals("GET")) {
                methods.add("HEAD");
            }
        }
        for (Map.Entry<String, Set<String>> path : served.entrySet()) {
            for (String method : METHODS) {
                int status = status(client, method, path.getKey().replace("/M", "/" + IDENTITY), CONTROL);
                assertEquals(path.getValue().contains(method) ? 200 : 405, status, method + " " + path.getKey());
            }
        }
    }

    /** The list is held against the code: each operation and each word of a path there must be in it. */
    @Test
    void noRouteIsMissingHere() throws IOException {
        String code =
                Files.readString(Path.of("src", "main", "java", "io", "opgraft", "http", "internal", "V2Handler.java"));
        Set<String> paths = new TreeSet<>();
        SERVED.forEach(route -> paths.add(route.split(" ", -1)[2]));
        Matcher operations =
                Pattern.compile("\\b(get|getNow|post|settings)\\(exchange,").matcher(code);
        assertEquals(paths.size(), operations.results().count(), "operations in V2Handler, and in this list " + paths);
        List.copyOf(paths).forEach(path -> paths.addAll(spellings(path)));
        paths.addAll(REFUSED);
        Matcher words = Pattern.compile("equals\\(\"([a-z_/]+)\"|case ([^:;>]*)->|Set.of\\(([^)]*)\\)")
                .matcher(code);
        int seen = 0;
        while (words.find()) {
            String found = words.group(1) == null ? String.valueOf(words.group(2)) + words.group(3) : words.group(1);
            for (String word : found.replace("null", "").replace("\"", "").split(",", -1)) {
                String path = "/" + word.strip();
                assertTrue(paths.stream().anyMatch(p -> (p + "/").contains(path)), path + " is not in this list");
                seen++;
            }
        }
        assertTrue(seen > 20, "words: " + seen);
    }
}
