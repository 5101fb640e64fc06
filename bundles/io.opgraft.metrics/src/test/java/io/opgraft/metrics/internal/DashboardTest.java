package io.opgraft.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.RetainedLibrary;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Verdict;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every metric that the Grafana dashboard shows exists. */
class DashboardTest {
    private static final Pattern METRIC = Pattern.compile("\\b(nv|opgraft|jvm|process)_[a-z0-9_]+");
    private static final Pattern QUERY = Pattern.compile("\"(expr|query)\": \"((?:[^\"\\\\]|\\\\.)*)\"");

    private static Set<String> asked() throws Exception {
        Set<String> names = new TreeSet<>();
        Matcher query = QUERY.matcher(Files.readString(Path.of("grafana", "opgraft.json")));
        while (query.find()) {
            Matcher metric = METRIC.matcher(query.group(2));
            while (metric.find()) {
                names.add(metric.group());
            }
        }
        return names;
    }

    private static Set<String> offered() throws Exception {
        Fakes.clear();
        OpProvider provider = Fakes.provider("acme", State.ACTIVE, Verdict.ISOLATABLE, "");
        Fakes.PROVIDERS.add(provider);
        Fakes.MODELS.add(Fakes.ready("m", provider));
        Fakes.LOADED.add(new RetainedLibrary("tensorflow", "d", "acme/1.0.0", 1, List.of()));
        Fakes.STATISTICS.add(Fakes.busy("m"));
        PrometheusRegistry registry = new PrometheusRegistry();
        ServerMetrics.register(registry, "1.2.3");
        ModelMetrics.register(registry, Fakes.models());
        OpMetrics.register(registry, Fakes.ops());
        registry.register(new RetainedMetrics(() -> List.of(Fakes.backend("tensorflow")), Fakes.changes()));
        registry.register(new WiringChanges(Fakes.models()));
        registry.register(new ServedVersions(Fakes.serving(), Fakes.models()));
        registry.register(new GpuMetrics(() -> List.of(GpuMetricsTest.backend(GpuMetricsTest.ALL))));
        new Refusals(registry, Fakes.ops()).count();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextFormat().write(out, registry.scrape(), EscapingScheme.DEFAULT);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
    }

    @Test
    void everyMetricExists() throws Exception {
        Set<String> missing = asked();
        assertTrue(missing.size() > 20, missing.toString());
        assertTrue(missing.contains("nv_gpu_utilization"), missing.toString());
        missing.removeAll(offered());
        assertEquals(Set.of(), missing);
    }
}
