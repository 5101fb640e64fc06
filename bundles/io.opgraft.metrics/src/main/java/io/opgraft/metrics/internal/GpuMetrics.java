package io.opgraft.metrics.internal;

import io.opgraft.backend.Backend;
import io.opgraft.backend.DeviceFigures;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The GPUs under the names that dashboards for Triton ask for. What a GPU does not say is left out. */
final class GpuMetrics implements MultiCollector {
    private final Supplier<List<Backend>> backends;

    GpuMetrics(Supplier<List<Backend>> backends) {
        this.backends = backends;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<DeviceFigures> devices = devices();
        return MetricSnapshots.of(
                gauge(devices, "nv_gpu_utilization", "Use of the GPU, 0 to 1.", DeviceFigures::utilization),
                gauge(devices, "nv_gpu_memory_total_bytes", "Memory of the GPU, in bytes.", DeviceFigures::memoryTotal),
                gauge(
                        devices,
                        "nv_gpu_memory_used_bytes",
                        "Memory of the GPU that is taken by all processes, in bytes.",
                        DeviceFigures::memoryUsed),
                gauge(devices, "nv_gpu_power_usage", "Power that the GPU takes, in watts.", DeviceFigures::powerUsage),
                gauge(
                        devices,
                        "nv_gpu_power_limit",
                        "Power that the GPU may take, in watts.",
                        DeviceFigures::powerLimit),
                energy(devices));
    }

    /** Each once, also if several backends use it. */
    private Collection<DeviceFigures> devices() {
        Map<String, DeviceFigures> byUuid = new LinkedHashMap<>();
        for (Backend backend : backends.get()) {
            backend.devices().forEach(device -> byUuid.putIfAbsent(device.uuid(), device));
        }
        return byUuid.values();
    }

    private static Labels labels(DeviceFigures device) {
        return Labels.of("gpu_uuid", device.uuid());
    }

    private static MetricSnapshot gauge(
            Collection<DeviceFigures> devices, String name, String help, ToDoubleFunction<DeviceFigures> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (DeviceFigures device : devices) {
            double now = value.applyAsDouble(device);
            if (!Double.isNaN(now)) {
                gauge.dataPoint(new GaugeDataPointSnapshot(now, labels(device), null));
            }
        }
        return gauge.build();
    }

    private static MetricSnapshot energy(Collection<DeviceFigures> devices) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder()
                .name("nv_energy_consumption")
                .help("Energy that the GPU has taken since its backend started, in joules.");
        for (DeviceFigures device : devices) {
            if (!Double.isNaN(device.energy())) {
                metric.dataPoint(new CounterDataPointSnapshot(device.energy(), labels(device), null, 0));
            }
        }
        return metric.build();
    }
}
