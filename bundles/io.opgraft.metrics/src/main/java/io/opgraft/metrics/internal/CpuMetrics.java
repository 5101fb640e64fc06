package io.opgraft.metrics.internal;

import com.sun.management.OperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;

/** The machine, or the container, under the names that dashboards for Triton ask for. */
final class CpuMetrics {
    private CpuMetrics() {}

    static void register(PrometheusRegistry registry) {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        gauge(registry, "nv_cpu_utilization", "Use of the processors, 0 to 1.", machine::getCpuLoad);
        gauge(registry, "nv_cpu_memory_total_bytes", "Memory, in bytes.", machine::getTotalMemorySize);
        gauge(
                registry,
                "nv_cpu_memory_used_bytes",
                "Memory that is not free, in bytes.",
                () -> machine.getTotalMemorySize() - machine.getFreeMemorySize());
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> {
                    double now = value.getAsDouble();
                    // Negative where the system does not tell it, as at the first look.
                    if (now >= 0) {
                        gauge.call(now);
                    }
                })
                .register(registry);
    }
}
