package io.opgraft.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opgraft.backend.Backend;
import io.opgraft.backend.DeviceFigures;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GpuMetricsTest {
    static final DeviceFigures ALL = new DeviceFigures("GPU-1", 0.25, 85e9, 5e8, 71.5, 700, 12.5);

    static Backend backend(DeviceFigures... devices) {
        return Fakes.proxy(Backend.class, Map.of("devices", List.of(devices)));
    }

    private static String scrape(PrometheusRegistry registry) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextFormat().write(out, registry.scrape(), EscapingScheme.DEFAULT);
        return out
                .toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining("\n"));
    }

    @Test
    void aGpuIsShownOnceWithTheNamesOfTriton() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new GpuMetrics(() -> List.of(backend(ALL), backend(ALL))));
        assertEquals(
                """
                nv_energy_consumption{gpu_uuid="GPU-1"} 12.5
                nv_gpu_memory_total_bytes{gpu_uuid="GPU-1"} 8.5E10
                nv_gpu_memory_used_bytes{gpu_uuid="GPU-1"} 5.0E8
                nv_gpu_power_limit{gpu_uuid="GPU-1"} 700.0
                nv_gpu_power_usage{gpu_uuid="GPU-1"} 71.5
                nv_gpu_utilization{gpu_uuid="GPU-1"} 0.25""",
                scrape(registry));
    }

    @Test
    void whatIsNotKnownIsLeftOutAndReadAgainAtTheNextScrape() throws Exception {
        AtomicReference<List<Backend>> backends = new AtomicReference<>(List.of());
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new GpuMetrics(backends::get));
        assertEquals("", scrape(registry));
        double no = Double.NaN;
        backends.set(List.of(backend(new DeviceFigures("GPU-2", no, no, 7, no, no, no)), backend(ALL)));
        String text = scrape(registry);
        assertEquals(7, text.lines().count(), text);
        assertEquals(1, text.lines().filter(line -> line.contains("GPU-2")).count(), text);
    }
}
