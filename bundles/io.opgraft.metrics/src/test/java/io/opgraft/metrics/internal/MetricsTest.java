package io.opgraft.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.RetainedLibrary;
import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Verdict;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.ResponseCacheStatistics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final OpProvider GOOD = Fakes.provider("good", State.ACTIVE, Verdict.ISOLATABLE_AFTER_REPAIR, "");
    private static final OpProvider BAD = Fakes.provider("bad", State.REFUSED, Verdict.REFUSED, "It is for ARM.");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final WiringChanges wirings = new WiringChanges(Fakes.models());
    private Refusals refusals;
    private MetricsEndpoint endpoint;

    private static MetricsConfig config(int port) {
        return Fakes.proxy(MetricsConfig.class, Map.of("address", "127.0.0.1", "port", port));
    }

    @BeforeEach
    void start() throws IOException {
        Fakes.clear();
        ServerMetrics.register(registry, "1.2.3");
        ModelMetrics.register(registry, Fakes.models());
        OpMetrics.register(registry, Fakes.ops());
        registry.register(new RetainedMetrics(() -> List.of(Fakes.backend("tensorflow")), Fakes.changes()));
        registry.register(wirings);
        registry.register(new ServedVersions(Fakes.serving(), Fakes.models()));
        registry.register(new CacheMetrics(Fakes.serving()));
        CpuMetrics.register(registry);
        refusals = new Refusals(registry, Fakes.ops());
        endpoint = MetricsEndpoint.start(registry, config(0));
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    private HttpResponse<String> scrape() throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(endpoint.uri()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void assertShown(String... lines) throws Exception {
        String text = scrape().body();
        for (String line : lines) {
            assertTrue(text.lines().anyMatch(line::equals), line + " is not in:\n" + text);
        }
    }

    @Test
    void theFormatIsPrometheusText() throws Exception {
        HttpResponse<String> answer = scrape();
        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain; version=0.0.4"));
        assertTrue(answer.body().contains("# TYPE opgraft_models gauge\n"), answer.body());
        assertTrue(answer.body().contains("# TYPE opgraft_lint_refusals_total counter\n"), answer.body());
    }

    private HttpResponse<byte[]> ask(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.uri().resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** OpenMetrics would force other names upon counters, so it is not offered, as Triton does not offer it. */
    @Test
    void namesAreTheSameWhateverTheScraperAccepts() throws Exception {
        Fakes.STATISTICS.add(Fakes.busy("m"));
        HttpResponse<byte[]> answer = ask(
                "GET",
                "/metrics",
                "Accept",
                "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
        assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain; version=0.0.4"));
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertTrue(text.contains("# TYPE nv_inference_count counter\n"), text);
        assertTrue(text.lines().noneMatch(line -> line.startsWith("nv_") && line.contains("_total{")), text);
        assertFalse(text.contains("# EOF"), text);
    }

    @Test
    void aQueryPicksMetricsAndGzipIsDone() throws Exception {
        HttpResponse<byte[]> answer = ask("GET", "/metrics?name%5B%5D=opgraft_models&x", "Accept-Encoding", "gzip");
        assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
        String text = new String(
                new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(
                text.lines().filter(line -> !line.startsWith("#")).allMatch(l -> l.startsWith("opgraft_models{")),
                text);
        assertTrue(text.contains("opgraft_models{"), text);
    }

    @Test
    void onlyMetricsAreReadAndOnlyRead() throws Exception {
        assertEquals(404, ask("GET", "/metrics2").statusCode());
        assertEquals(200, ask("GET", "/metrics/").statusCode());
        assertEquals(405, ask("POST", "/metrics").statusCode());
        HttpResponse<byte[]> head = ask("HEAD", "/metrics");
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
    }

    @Test
    void theResponseCacheHasTritonsGauges() throws Exception {
        assertFalse(scrape().body().contains("nv_cache_util"));
        Fakes.cache = new ResponseCacheStatistics(1000, 250, 3, 7, 5, 2, 9_999, 4_000);
        assertShown(
                "nv_cache_util 0.25",
                "nv_cache_num_entries 3.0",
                "nv_cache_num_hits 7.0",
                "nv_cache_num_misses 5.0",
                "nv_cache_num_lookups 12.0",
                "nv_cache_num_evictions 2.0",
                "nv_cache_lookup_duration 9.0",
                "nv_cache_insertion_duration 4.0",
                "# TYPE nv_cache_num_hits gauge");
    }

    @Test
    void serverAndProcess() throws Exception {
        assertShown("opgraft_build_info{version=\"1.2.3\"} 1");
        String text = scrape().body();
        assertTrue(text.contains("\nprocess_cpu_seconds_total "), text);
        assertTrue(text.contains("\njvm_threads_current "), text);
    }

    @Test
    void modelsByState() throws Exception {
        assertShown("opgraft_models{state=\"ready\"} 0.0", "opgraft_models{state=\"failed\"} 0.0");
        Fakes.MODELS.add(Fakes.ready("a", GOOD));
        Fakes.MODELS.add(Fakes.ready("b", GOOD));
        Fakes.MODELS.add(new ModelStatus("broken", true, List.of(), Explanation.NONE));
        assertShown("opgraft_models{state=\"ready\"} 2.0", "opgraft_models{state=\"failed\"} 1.0");
    }

    @Test
    void opLibrariesByStateAndVerdict() throws Exception {
        Fakes.PROVIDERS.addAll(List.of(GOOD, BAD));
        assertShown(
                "opgraft_op_libraries{state=\"active\"} 1.0",
                "opgraft_op_libraries{state=\"refused\"} 1.0",
                "opgraft_op_libraries{state=\"stopped\"} 0.0",
                "opgraft_op_libraries_by_verdict{verdict=\"isolatable_after_repair\"} 1.0",
                "opgraft_op_libraries_by_verdict{verdict=\"refused\"} 1.0");
    }

    @Test
    void refusalsAreCountedOnceEachAndNotForgotten() throws Exception {
        assertShown("opgraft_lint_refusals_total 0.0");
        Fakes.PROVIDERS.addAll(List.of(GOOD, BAD));
        refusals.count();
        refusals.count();
        assertShown("opgraft_lint_refusals_total 1.0");
        Fakes.PROVIDERS.remove(BAD);
        refusals.count();
        assertShown("opgraft_lint_refusals_total 1.0");
        Fakes.PROVIDERS.add(BAD);
        refusals.count();
        assertShown("opgraft_lint_refusals_total 2.0");
    }

    @Test
    void retainedLibrariesAreThoseInUseAndThoseThatAreRetired() throws Exception {
        assertShown("opgraft_retained_libraries{backend=\"tensorflow\"} 0.0");
        Fakes.LOADED.add(new RetainedLibrary("tensorflow", "good-digest", "good/1.0.0", 4096, List.of("a/1")));
        Fakes.LOADED.add(new RetainedLibrary("tensorflow", "old-digest", "good/0.9.0", 8192, List.of()));
        assertShown(
                "opgraft_retained_libraries{backend=\"tensorflow\"} 2.0",
                "opgraft_retained_bytes{backend=\"tensorflow\"} 12288.0",
                "opgraft_retired_libraries{backend=\"tensorflow\"} 1.0",
                "opgraft_retired_bytes{backend=\"tensorflow\"} 8192.0");
    }

    private static WiringChange change(Cause cause) {
        return new WiringChange(1, Instant.EPOCH, cause, "good 1.0.0 -> 1.1.0", new Wiring(List.of()));
    }

    @Test
    void changesOfWiringsAreCountedWhenTheyHappenButNotStarts() throws Exception {
        Fakes.MODELS.add(Fakes.ready("a", GOOD));
        wirings.changed("a", change(Cause.STARTED));
        assertShown("opgraft_wiring_changes_total{model=\"a\"} 0.0");
        wirings.changed("a", change(Cause.OPS));
        wirings.changed("a", change(Cause.ROLLBACK));
        // Between two scrapes a model may come, change and go.
        wirings.changed("gone", change(Cause.OPS));
        assertShown(
                "opgraft_wiring_changes_total{model=\"a\"} 2.0", "opgraft_wiring_changes_total{model=\"gone\"} 1.0");
    }

    @Test
    void requestsHaveTheNamesThatDashboardsAskFor() throws Exception {
        Fakes.STATISTICS.add(Fakes.busy("m"));
        String labels = "{_a_b=\"c\",_model=\"not mine\",_site=\"north\",model=\"m\",version=\"2\"} ";
        String reason = "{_a_b=\"c\",_model=\"not mine\",_site=\"north\",model=\"m\",reason=\"%s\",version=\"2\"} ";
        assertShown(
                "# TYPE nv_inference_request_success counter",
                "# TYPE nv_inference_request_failure counter",
                "# TYPE nv_inference_request_duration_us counter",
                "# TYPE nv_cache_num_hits_per_model counter",
                "# TYPE nv_inference_pending_request_count gauge",
                "nv_inference_request_success" + labels + "6.0",
                "nv_inference_request_failure" + String.format(reason, "REJECTED") + "3.0",
                "nv_inference_request_failure" + String.format(reason, "CANCELED") + "0.0",
                "nv_inference_request_failure" + String.format(reason, "BACKEND") + "3.0",
                "nv_inference_request_failure" + String.format(reason, "OTHER") + "4.0",
                "nv_inference_count" + labels + "12.0",
                "nv_inference_exec_count" + labels + "3.0",
                "nv_inference_request_duration_us" + labels + "600.0",
                "nv_inference_queue_duration_us" + labels + "70.0",
                "nv_inference_compute_input_duration_us" + labels + "100.0",
                "nv_inference_compute_infer_duration_us" + labels + "300.0",
                "nv_inference_compute_output_duration_us" + labels + "200.0",
                "nv_inference_pending_request_count" + labels + "7.0",
                "nv_cache_num_hits_per_model" + labels + "2.0",
                "nv_cache_num_misses_per_model" + labels + "4.0",
                "nv_cache_hit_duration_per_model" + labels + "8.0",
                "nv_cache_miss_duration_per_model" + labels + "16.0");
    }

    @Test
    void modelsWithoutTheCacheHaveNoFiguresOfIt() throws Exception {
        Fakes.STATISTICS.add(ModelStatistics.none("m", 2));
        assertFalse(scrape().body().contains("\nnv_cache_"));
    }

    @Test
    void versionsThatNobodyAskedYetBeginAtZero() throws Exception {
        Fakes.MODELS.add(Fakes.served("m", true));
        Fakes.MODELS.add(Fakes.served("n", false));
        Fakes.STATISTICS.add(Fakes.busy("m"));
        assertShown(
                "nv_inference_request_success{_site=\"south\",model=\"m\",version=\"1\"} 0.0",
                "nv_inference_request_success{_a_b=\"c\",_model=\"not mine\",_site=\"north\",model=\"m\",version=\"2\"} 6.0",
                "nv_inference_request_success{_site=\"south\",model=\"n\",version=\"1\"} 0.0",
                "nv_inference_request_failure{_site=\"south\",model=\"n\",reason=\"REJECTED\",version=\"1\"} 0.0",
                "nv_cache_num_hits_per_model{_site=\"south\",model=\"m\",version=\"1\"} 0.0",
                "opgraft_queue_requests{_site=\"south\",model=\"n\",version=\"1\"} 0.0");
        assertFalse(scrape().body().contains("nv_cache_num_hits_per_model{_site=\"south\",model=\"n\""));
    }

    @Test
    void theMachineHasTheNamesOfTriton() throws Exception {
        String text = scrape().body();
        assertTrue(text.contains("# TYPE nv_cpu_memory_total_bytes gauge\nnv_cpu_memory_total_bytes "), text);
        assertTrue(text.contains("\nnv_cpu_memory_used_bytes "), text);
        assertTrue(text.contains("# HELP nv_cpu_utilization "), text);
    }

    @Test
    void queuesAndBatches() throws Exception {
        Fakes.STATISTICS.add(Fakes.busy("m"));
        String labels = "_a_b=\"c\",_model=\"not mine\",_site=\"north\",model=\"m\",version=\"2\"";
        assertShown(
                "opgraft_queue_requests{" + labels + "} 7.0",
                "opgraft_running_requests{" + labels + "} 8.0",
                "opgraft_queue_refusals_total{_a_b=\"c\",_model=\"not mine\",_site=\"north\",model=\"m\",reason=\"deadline\",version=\"2\"}"
                        + " 2.0",
                "# TYPE opgraft_batch_size histogram",
                "opgraft_batch_size_bucket{" + labels + ",le=\"1.0\"} 1",
                "opgraft_batch_size_bucket{" + labels + ",le=\"4.0\"} 1",
                "opgraft_batch_size_bucket{" + labels + ",le=\"8.0\"} 3",
                "opgraft_batch_size_count{" + labels + "} 3",
                "opgraft_batch_size_sum{" + labels + "} 11.0");
    }

    @Test
    void opBundlesAreCountedOverAllModels() throws Exception {
        Fakes.STATISTICS.add(Fakes.busy("m"));
        Fakes.STATISTICS.add(Fakes.busy("n"));
        String text = scrape().body();
        assertTrue(
                text.contains("\nopgraft_op_bundle_requests_total{bundle=\"acme\",bundle_version=\"1.0.0\"} 10.0\n"),
                text);
    }

    @Test
    void aTakenPortIsOneSentenceThatSaysWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            IOException failure = assertThrows(IOException.class, () -> MetricsEndpoint.start(registry, config(port)));
            assertTrue(failure.getMessage().contains("port " + port + " of 127.0.0.1 is in use"), failure.getMessage());
            assertTrue(failure.getMessage().contains("--metrics-port"), failure.getMessage());
            assertFalse(failure.getMessage().contains("\n"));
        }
    }

    @Test
    void afterTheEndNobodyListens() throws Exception {
        endpoint.close();
        assertThrows(IOException.class, this::scrape);
    }
}
