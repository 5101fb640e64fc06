package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
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
    void serverMetadata() {
        HttpResponse<String> answer = server.get("/v2?x=y");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "{\"name\":\"opgraft\",\"version\":\"1.2.3\",\"extensions\":"
                        + "[\"classification\",\"model_configuration\",\"model_repository\","
                        + "\"model_repository(unload_dependents)\",\"parameters\",\"schedule_policy\",\"statistics\","
                        + "\"binary_tensor_data\"]}",
                answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void health() {
        assertEquals(200, server.get("/v2/health/live").statusCode());
        assertEquals(200, server.get("/v2/health/ready").statusCode());
        server.models.allReady = false;
        try {
            HttpResponse<String> answer = server.get("/v2/health/ready");
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("not ready"), answer.body());
            assertEquals(200, server.get("/v2/health/live").statusCode());
        } finally {
            server.models.allReady = true;
        }
    }

    @Test
    void readinessThatIsNotStrictDoesNotAskTheModels() {
        try (TestServer lax = new TestServer(Map.of("strictReadiness", false))) {
            lax.models.allReady = false;
            assertEquals(200, lax.get("/v2/health/ready").statusCode());
            assertEquals(400, lax.get("/v2/models/waiting/ready").statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/simple", "/v2/models/simple/versions/1", "/v2/models/%73imple/"})
    void modelMetadata(String path) {
        assertEquals(
                "{\"name\":\"simple\",\"versions\":[\"1\"],\"platform\":\"tensorflow_savedmodel\",\"inputs\":["
                        + "{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[-1,16]},"
                        + "{\"name\":\"INPUT1\",\"datatype\":\"INT32\",\"shape\":[-1,16]}],\"outputs\":["
                        + "{\"name\":\"OUTPUT0\",\"datatype\":\"INT32\",\"shape\":[-1,16]},"
                        + "{\"name\":\"OUTPUT1\",\"datatype\":\"INT32\",\"shape\":[-1,16]}],"
                        + "\"properties\":{\"opgraft_ops\":\"TRTISExampleAddSub=io.opgraft.example.addsub/1.1.0\"}}",
                server.get(path).body());
    }

    @Test
    void modelWithoutOpsHasNoProperties() {
        assertFalse(server.get("/v2/models/identity_FP32").body().contains("properties"));
    }

    @Test
    void modelConfigAndReady() {
        assertEquals(
                "{\"name\":\"simple\"}", server.get("/v2/models/simple/config").body());
        assertEquals(
                "{\"name\":\"simple\"}",
                server.get("/v2/models/simple/versions/1/config").body());
        assertEquals(200, server.get("/v2/models/simple/ready").statusCode());
        assertEquals(200, server.get("/v2/models/simple/versions/1/ready").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/waiting, 503",
        "/v2/models/waiting/versions/1, 503",
        "/v2/models/waiting/config, 503",
        "/v2/models/waiting/ready, 400",
        "/v2/models/waiting/versions/1/ready, 400",
    })
    void waitingModelIsExplained(String path, int status) {
        HttpResponse<String> answer = server.get(path);
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("No bundle offers op 'Foo'. Deploy one that does."), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ready", "/config", "/wiring", "/wiring?format=dot", "/bom", "/stats"})
    void unknownModel(String what) {
        HttpResponse<String> answer = server.get("/v2/models/nope" + what);
        assertEquals(404, answer.statusCode());
        assertEquals("{\"error\":\"Request for unknown model: 'nope' is not found\"}", answer.body());
        answer = server.get("/v2/models/simple/versions/5" + what);
        assertEquals(404, answer.statusCode());
        assertEquals("{\"error\":\"Request for unknown model: 'simple' version 5 is not found\"}", answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "-1", "1.0", "99999999999999999999", "%20"})
    void wrongVersion(String version) {
        HttpResponse<String> answer = server.get("/v2/models/simple/versions/" + version);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("of model 'simple' is not valid"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404",
        "GET, /v1, 404",
        "GET, /v2x, 404",
        "GET, /v2/nothing, 404",
        "GET, /v2/health, 404",
        "GET, /v2/health/other, 404",
        "GET, /v2/models, 404",
        "GET, /v2/models/simple/other, 404",
        "GET, /v2/models/simple/ready/more, 404",
        "POST, /v2/repository/models/simple/other, 404",
        "POST, /v2/repository, 404",
        "POST, /v2/models/simple/stats, 405",
        "POST, /v2/models/stats, 405",
        "POST, /v2/models/simple/generate, 501",
        "POST, /v2/models/simple/versions/1/generate_stream, 501",
        "POST, /v2/models/simple/trace/setting, 501",
        "POST, /v2/trace/setting, 501",
        "POST, /v2/logging, 501",
        "DELETE, /v2/logging, 405",
        "GET, /v2/models/nope/trace/setting, 404",
        "GET, /v2/trace, 404",
        "GET, /v2/logging/more, 404",
        "GET, /v2/systemsharedmemory/status, 501",
        "POST, /v2/cudasharedmemory/region/a/register, 501",
        "GET, /v2/wiring/more, 404",
        "GET, /v2/models/simple/wiring/more, 404",
        "GET, /v2/models/simple/wiring?format=svg, 400",
        "GET, /v2/wiring?format=, 400",
        "POST, /v2/wiring, 405",
        "POST, /v2/models/simple/wiring, 405",
        "DELETE, /v2/models/simple/versions/1/bom, 405",
        "POST, /v2, 405",
        "PUT, /v2/models/simple, 405",
        "GET, /v2/models/simple/infer, 405",
        "GET, /v2/repository/index, 405",
        "DELETE, /v2/repository/models/simple/load, 405",
    })
    void otherPathsAndMethods(String method, String path, int status) {
        HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri(path))
                .method(method, HttpRequest.BodyPublishers.ofString("x".repeat(10)))
                .build());
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(status == 405, answer.headers().firstValue("Allow").isPresent());
    }

    @Test
    void settingsAreShown() {
        assertTrue(
                server.get("/v2/logging").body().startsWith("{\"log_file\":\"\",\"log_info\":"),
                server.get("/v2/logging").body());
        for (String path : new String[] {"/v2/trace/setting", "/v2/models/simple/trace/setting"}) {
            assertEquals(
                    "{\"trace_level\":[\"OFF\"],\"trace_rate\":\"1000\",\"trace_count\":\"-1\",\"log_frequency\":\"0\","
                            + "\"trace_file\":\"\",\"trace_mode\":\"triton\"}",
                    server.get(path).body());
        }
    }

    @Test
    void whatIsNotSupportedSaysWhatToDo() {
        assertTrue(server.get("/v2/systemsharedmemory/status").body().contains("send the tensors in the request"));
        assertTrue(server.post("/v2/models/simple/generate", "{}").body().contains("use POST .../infer"));
    }

    @Test
    void headAndOptions() {
        for (String path : new String[] {"/v2", "/v2/models/simple", "/v2/models/simple/config", "/v2/health/ready"}) {
            HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri(path))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertEquals(200, answer.statusCode());
            assertEquals("", answer.body());
        }
        HttpResponse<String> options = server.send(HttpRequest.newBuilder(server.uri("/v2/models/simple/infer"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build());
        assertEquals(200, options.statusCode());
        assertEquals("POST, OPTIONS", options.headers().firstValue("Allow").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/../infer",
                "/v2/models/%2e%2e/infer",
                "/v2/models/a%2fb/infer",
                "/v2/models/a%5cb/infer",
                "/v2/models/a%00/infer",
                "/v2/models/a%0ab/infer",
                "/v2/models/a%zz/infer",
                "/v2/models/a%/infer",
                "/v2/models/%c3%a4/infer",
                "/v2/models/a;b/infer",
                "/v2/repository/models/../load",
                "/v2/repository/models/..%2f..%2fetc/load",
                "/v2/models//infer",
            })
    void hostileNames(String path) throws IOException {
        String answer =
                server.raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("{\"error\":\""), answer);
    }

    @Test
    void longName() {
        assertEquals(404, server.get("/v2/models/" + "a".repeat(128)).statusCode());
        assertEquals(400, server.get("/v2/models/" + "a".repeat(129)).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/simple/wiring",
                "/v2/models/simple/versions/1/wiring",
                "/v2/models/%73imple/wiring/?format=json&x=y",
            })
    void wiringOfAReadyModel(String path) {
        HttpResponse<String> answer = server.get(path);
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(
                answer.body().startsWith("{\"model\":\"simple\",\"version\":\"1\",\"state\":\"READY\","),
                answer.body());
        assertTrue(
                answer.body()
                        .contains("\"wires\":[{\"op\":\"TRTISExampleAddSub\",\"bundle\":\"io.opgraft.example.addsub\","
                                + "\"version\":\"1.1.0\","),
                answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/waiting/wiring", "/v2/models/waiting/versions/1/wiring"})
    void wiringOfAModelThatIsNotReadySaysWhy(String path) {
        HttpResponse<String> answer = server.get(path);
        assertEquals(200, answer.statusCode());
        assertTrue(
                answer.body()
                        .contains("\"state\":\"WAITING\",\"asked_for\":true,\"required_ops\":[\"Foo\"],\"wires\":[],"
                                + "\"notes\":[],\"reasons\":[{\"kind\":\"OP_MISSING\",\"op\":\"Foo\","),
                answer.body());
    }

    @Test
    void wiringOfAllModels() {
        String all = server.get("/v2/wiring").body();
        assertTrue(all.startsWith("{\"models\":[{\"model\":\"identity_"), all);
        assertTrue(all.contains("{\"model\":\"waiting\","), all);
    }

    @Test
    void wiringAsAPicture() {
        for (String path : new String[] {"/v2/wiring?format=dot", "/v2/models/simple/wiring?x&format=dot"}) {
            HttpResponse<String> answer = server.get(path);
            assertEquals(200, answer.statusCode());
            assertEquals(
                    "text/vnd.graphviz;charset=utf-8",
                    answer.headers().firstValue("Content-Type").orElseThrow());
            assertTrue(answer.body().startsWith("digraph wiring {"), answer.body());
            assertTrue(answer.body().contains("\"model simple/1\" -> "), answer.body());
        }
    }

    @Test
    void unloadedModelSaysSoOnce() {
        try (TestServer own = new TestServer()) {
            own.models.addUnloaded("gone");
            HttpResponse<String> answer = own.get("/v2/models/gone/ready");
            assertEquals(400, answer.statusCode());
            assertEquals(
                    "{\"error\":\"model 'gone' is not ready: Model gone was unloaded. Load it to have it served again.\"}",
                    answer.body());
        }
    }

    @Test
    void billOfMaterials() {
        String bill = server.get("/v2/models/simple/bom").body();
        assertTrue(bill.contains("\"components\":[{\"bundle\":\"io.opgraft.example.addsub\","), bill);
        assertTrue(bill.contains("\"ops_used\":[\"TRTISExampleAddSub\"]"), bill);
        assertTrue(server.get("/v2/models/waiting/versions/1/bom").body().contains("\"unwired_ops\":[\"Foo\"]"));
    }

    private static final String SIMPLE_STATS =
            "{\"name\":\"simple\",\"version\":\"1\",\"last_inference\":1700000000000,\"inference_count\":12,"
                    + "\"execution_count\":3,\"inference_stats\":{\"success\":{\"count\":3,\"ns\":600},"
                    + "\"fail\":{\"count\":2,\"ns\":50},\"queue\":{\"count\":3,\"ns\":0},"
                    + "\"compute_input\":{\"count\":3,\"ns\":100},\"compute_infer\":{\"count\":3,\"ns\":300},"
                    + "\"compute_output\":{\"count\":3,\"ns\":200},\"cache_hit\":{\"count\":0,\"ns\":0},"
                    + "\"cache_miss\":{\"count\":0,\"ns\":0}},\"response_stats\":{},\"batch_stats\":[],"
                    + "\"memory_usage\":[]}";

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/simple/stats", "/v2/models/simple/versions/1/stats"})
    void statisticsOfAModel(String path) {
        assertEquals(
                "{\"model_stats\":[" + SIMPLE_STATS + "]}", server.get(path).body());
    }

    @Test
    void statisticsOfAllReadyModels() {
        String all = server.get("/v2/models/stats").body();
        assertTrue(all.contains(SIMPLE_STATS), all);
        assertTrue(all.contains("{\"name\":\"identity_FP32\",\"version\":\"1\",\"last_inference\":0,"), all);
        assertFalse(all.contains("waiting"), all);
        String waiting = server.get("/v2/models/waiting/stats").body();
        assertTrue(waiting.contains("\"name\":\"waiting\",\"version\":\"1\",\"last_inference\":0,"), waiting);
    }
}
