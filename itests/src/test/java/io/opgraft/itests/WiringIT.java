package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What computes a model, as documents, pictures and figures. */
class WiringIT {
    private static final String OP = "TRTISExampleAddSub";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern DOT_LINE = Pattern.compile("  (\"[^\"]*\"( -> \"[^\"]*\")?|node|edge) \\[.*\\];");

    @TempDir
    Path folder;

    private Path data;
    private Path deploy;

    @BeforeEach
    void layOut() throws Exception {
        data = folder.resolve("data");
        deploy = Files.createDirectories(data.resolve("deploy"));
    }

    /** A server whose model addsub_v1 has its op. */
    private ServerProcess start() throws Exception {
        ServerProcess server = ServerProcess.start(data, AddSub.models());
        try {
            server.http().await("/v2/models/addsub_v1/ready", ready -> ready.statusCode() == 200);
            return server;
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static JsonObject get(ServerProcess server, String path) throws Exception {
        HttpResponse<String> answer = server.http().get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer.body());
    }

    /** The value of a metric without labels or with exactly these; NaN if it is not there. */
    private static double metric(ServerProcess server, String name) throws Exception {
        String text = new HttpProbe(server.metrics()).get("/metrics").body();
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    @Test
    void readyAndWaitingModelsAreDescribed() throws Exception {
        AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
        try (ServerProcess server = start()) {
            JsonObject ready = get(server, "/v2/models/addsub_v1/wiring");
            assertEquals("READY", ready.getString("state"));
            assertEquals(List.of(), ready.getJsonArray("reasons"));
            JsonObject wire = ready.getJsonArray("wires").getJsonObject(0);
            assertEquals(OP, wire.getString("op"));
            assertEquals(AddSub.BUNDLE, wire.getString("bundle"));
            assertEquals("1.0.0", wire.getString("version"));
            assertTrue(DIGEST.matcher(wire.getString("digest")).matches(), wire.toString());
            assertEquals(ready, get(server, "/v2/models/addsub_v1/versions/1/wiring"));

            server.http().await("/v2/models/addsub_v2/wiring", answer -> answer.body()
                    .contains("VERSION_OUTSIDE_RANGE"));
            JsonObject waiting = get(server, "/v2/models/addsub_v2/wiring");
            assertEquals("WAITING", waiting.getString("state"));
            assertEquals(OP, waiting.getJsonArray("required_ops").getString(0));
            assertEquals(List.of(), waiting.getJsonArray("wires"));
            JsonObject reason = waiting.getJsonArray("reasons").getJsonObject(0);
            assertEquals("VERSION_OUTSIDE_RANGE", reason.getString("kind"));
            assertEquals(OP, reason.getString("op"));
            // The explanation in the shell is the same, as text.
            String text = server.shell("opgraft:explain addsub_v2").out();
            assertTrue(text.contains(reason.getString("message")), text);
            assertTrue(text.contains(reason.getString("remedy")), text);

            int models = get(server, "/v2/wiring").getJsonArray("models").size();
            assertEquals(
                    server.http().post("/v2/repository/index", "").body().split("\"name\"", -1).length - 1, models);
            assertEquals(404, server.http().get("/v2/models/nobody/wiring").statusCode());
            assertEquals(405, server.http().post("/v2/wiring", "").statusCode());
        }
    }

    @Test
    void aBillOfMaterialsNamesWhatIsLoaded() throws Exception {
        AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
        try (ServerProcess server = start()) {
            JsonObject bill = get(server, "/v2/models/addsub_v1/bom");
            assertEquals(1, bill.getJsonArray("components").size(), bill.toString());
            JsonObject component = bill.getJsonArray("components").getJsonObject(0);
            assertEquals(AddSub.BUNDLE, component.getString("bundle"));
            assertEquals("libaddsub.so", component.getString("library"));
            assertEquals("isolatable", component.getString("verdict"));
            assertEquals("Apache-2.0", component.getString("licence"));
            assertEquals("addsub.jar", component.getString("location"));
            assertTrue(DIGEST.matcher(component.getString("loaded_digest")).matches(), component.toString());
            JsonObject build = component.getJsonObject("build");
            assertEquals("x86_64", build.getString("machine"));
            assertTrue(build.getInt("bytes") > 1000, build.toString());
            assertTrue(build.getString("compiler").contains("GCC"), build.toString());
            assertEquals(OP, component.getJsonArray("ops_used").getString(0));
            String digest = get(server, "/v2/models/addsub_v1/wiring")
                    .getJsonArray("wires")
                    .getJsonObject(0)
                    .getString("digest");
            assertEquals(digest, component.getString("digest"));
            assertEquals(bill, json(server.shell("opgraft:bom addsub_v1 --json").out()));
            String text = server.shell("opgraft:bom addsub_v1").out();
            assertTrue(text.contains(AddSub.BUNDLE + "/1.0.0") && text.contains(digest), text);
            JsonObject waiting = get(server, "/v2/models/addsub_v2/bom");
            assertEquals(JsonValue.EMPTY_JSON_ARRAY, waiting.getJsonArray("components"));
            assertEquals(OP, waiting.getJsonArray("unwired_ops").getString(0));
        }
    }

    @Test
    void thePictureIsGraphviz() throws Exception {
        AddSub.deployAll(deploy);
        try (ServerProcess server = start()) {
            for (String model : List.of("addsub_v2", "addsub_other")) {
                server.http().await("/v2/models/" + model + "/ready", ready -> ready.statusCode() == 200);
            }
            String dot = server.http().get("/v2/wiring?format=dot").body();
            List<String> lines = dot.lines().toList();
            assertEquals("digraph wiring {", lines.get(0));
            assertEquals("}", lines.get(lines.size() - 1));
            for (String line : lines.subList(2, lines.size() - 1)) {
                assertTrue(DOT_LINE.matcher(line).matches(), line);
            }
            String arrow = "\"model addsub_v1/1\" -> \"bundle " + AddSub.BUNDLE + "/1.0.0 ";
            assertTrue(dot.contains(arrow), dot);
            assertTrue(dot.contains("\"model addsub_missing/1\" -> \"op " + OP + "\""), dot);
            assertEquals(dot, server.shell("opgraft:wiring --dot").out());
            String one =
                    server.http().get("/v2/models/addsub_v1/wiring?format=dot").body();
            assertTrue(one.contains(arrow) && !one.contains("addsub_v2"), one);
        }
    }

    @Test
    void metricsFollowAnUpdate() throws Exception {
        AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
        try (ServerProcess server = start()) {
            String loaded = "opgraft_retained_libraries{backend=\"tensorflow\"}";
            String retired = "opgraft_retired_libraries{backend=\"tensorflow\"}";
            assertEquals(1, metric(server, loaded));
            assertEquals(0, metric(server, retired));
            assertEquals(1, metric(server, "opgraft_op_libraries{state=\"active\"}"));
            String changes = "opgraft_wiring_changes_total{model=\"addsub_v1\"}";
            double before = metric(server, changes);
            double ready = metric(server, "opgraft_models{state=\"ready\"}");
            AddSub.deploy(deploy, AddSub.BUNDLE, "1.1.0", "addsub.jar");
            server.http()
                    .await(
                            () -> AddSub.infer(server.http(), "addsub_v1", 1, 2),
                            r -> r.statusCode() == 200 && AddSub.computedBy(r).equals(AddSub.BUNDLE + "/1.1.0"));
            assertEquals(2, metric(server, loaded));
            assertEquals(1, metric(server, retired));
            assertEquals(1, metric(server, "opgraft_op_libraries{state=\"active\"}"));
            assertTrue(metric(server, "opgraft_models{state=\"ready\"}") >= ready);
            assertEquals(before + 1, metric(server, changes));
            assertEquals(0, metric(server, "opgraft_lint_refusals_total"));
            assertTrue(metric(server, "process_start_time_seconds") > 0);
        }
    }

    @Test
    void statisticsAreWhatClientsSent() throws Exception {
        AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
        int clients = 4;
        int each = 60;
        try (ServerProcess server = start()) {
            ExecutorService threads = Executors.newFixedThreadPool(clients);
            try {
                List<Callable<Void>> work = Collections.nCopies(clients, () -> {
                    HttpProbe http = server.http();
                    for (int i = 0; i < each; i++) {
                        boolean bad = i % 6 == 5;
                        String request = AddSub.request(i, 1).replace("INPUT1", bad ? "INPUT9" : "INPUT1");
                        HttpResponse<String> answer = http.post("/v2/models/addsub_v1/infer", request);
                        assertEquals(bad ? 400 : 200, answer.statusCode(), answer.body());
                    }
                    return null;
                });
                for (Future<Void> client : threads.invokeAll(work)) {
                    client.get();
                }
            } finally {
                threads.shutdownNow();
            }
            int good = clients * each * 5 / 6;
            JsonObject statistics = get(server, "/v2/models/addsub_v1/versions/1/stats")
                    .getJsonArray("model_stats")
                    .getJsonObject(0);
            assertEquals(good, statistics.getInt("inference_count"));
            assertEquals(good, statistics.getInt("execution_count"));
            JsonObject phases = statistics.getJsonObject("inference_stats");
            assertEquals(good, phases.getJsonObject("success").getInt("count"));
            assertEquals(clients * each - good, phases.getJsonObject("fail").getInt("count"));
            assertTrue(phases.getJsonObject("compute_infer").getJsonNumber("ns").longValue() > 0);
            assertEquals(good, phases.getJsonObject("queue").getInt("count"));
            assertEquals(good, phases.getJsonObject("compute_output").getInt("count"));
            int runs = statistics.getJsonArray("batch_stats").getValuesAs(JsonObject.class).stream()
                    .mapToInt(batch -> batch.getJsonObject("compute_infer").getInt("count"))
                    .sum();
            assertEquals(good, runs);
            String labels = "{model=\"addsub_v1\",version=\"1\"}";
            assertEquals(good, metric(server, "nv_inference_request_success" + labels));
            assertEquals(
                    clients * each - good,
                    metric(server, "nv_inference_request_failure{model=\"addsub_v1\",reason=\"OTHER\",version=\"1\"}"));
            assertEquals(good, metric(server, "nv_inference_count" + labels));
        }
    }

    @Test
    void aTakenMetricsPortIsOneLineAndTheServerGoesOn() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.start(
                        data, null, "--features", "http,metrics", "--metrics-port", "" + taken.getLocalPort())) {
            assertNull(server.metrics());
            assertEquals(200, server.http().get("/v2/health/ready").statusCode());
            List<String> lines =
                    server.log().lines().filter(line -> line.contains("ERROR")).toList();
            assertEquals(1, lines.size(), server.log());
            assertTrue(lines.get(0).contains("port " + taken.getLocalPort()), lines.get(0));
            assertTrue(lines.get(0).contains("--metrics-port"), lines.get(0));
        }
    }

    @Test
    void metricsCanBeOff() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(data, null, "--features", "http,metrics", "--metrics-port", "-1")) {
            assertNull(server.metrics());
            assertNotEquals("", server.http().get("/v2").body());
        }
    }
}
