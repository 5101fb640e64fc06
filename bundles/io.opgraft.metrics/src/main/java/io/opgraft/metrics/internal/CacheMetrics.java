package io.opgraft.metrics.internal;

import io.opgraft.serving.ResponseCacheStatistics;
import io.opgraft.serving.Serving;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.TimeUnit;

/** The response cache as a whole, under Triton's names; gauges all, as there. */
final class CacheMetrics implements MultiCollector {
    private final Serving serving;

    CacheMetrics(Serving serving) {
        this.serving = serving;
    }

    @Override
    public MetricSnapshots collect() {
        ResponseCacheStatistics cache = serving.cache();
        if (cache.limit() == 0) {
            return MetricSnapshots.of();
        }
        return MetricSnapshots.of(
                gauge("util", "Use of the response cache, 0 to 1.", (double) cache.bytes() / cache.limit()),
                count("num_entries", "Answers in the response cache.", cache.entries()),
                count("num_hits", "Requests that the response cache answered.", cache.hits()),
                count("num_misses", "Requests that were not in the response cache.", cache.misses()),
                count("num_lookups", "Requests that were looked for.", cache.hits() + cache.misses()),
                count("num_evictions", "Answers that made room for others.", cache.evictions()),
                gauge("lookup_duration", "Time of looking for answers. Microseconds.", micros(cache.lookupNanos())),
                gauge("insertion_duration", "Time of storing answers. Microseconds.", micros(cache.insertionNanos())));
    }

    private static double micros(long nanos) {
        return (double) TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static MetricSnapshot count(String name, String help, long value) {
        return gauge(name, help, (double) value);
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name("nv_cache_" + name)
                .help(help)
                .dataPoint(new GaugeDataPointSnapshot(value, Labels.EMPTY, null))
                .build();
    }
}
