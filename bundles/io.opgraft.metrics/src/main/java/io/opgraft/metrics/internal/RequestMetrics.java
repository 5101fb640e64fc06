package io.opgraft.metrics.internal;

import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.Serving;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Requests under the names that dashboards for Triton ask for. They are untyped, because the client library lets the
 * names of counters end in {@code _total}.
 */
final class RequestMetrics implements MultiCollector {
    private static final long NANOS_PER_MICRO = 1000;

    private final Serving serving;

    RequestMetrics(Serving serving) {
        this.serving = serving;
    }

    @Override
    public MetricSnapshots collect() {
        List<ModelStatistics> all = serving.statistics();
        return MetricSnapshots.of(
                metric(all, "request_success", "Requests that succeeded.", ModelStatistics::successes),
                metric(all, "request_failure", "Requests that failed.", ModelStatistics::failures),
                metric(all, "count", "Inferences: the batch sizes of the requests.", ModelStatistics::inferences),
                metric(all, "exec_count", "Runs of the model.", ModelStatistics::executions),
                micros(all, "request_duration_us", "Time of requests in all.", ModelStatistics::successNanos),
                micros(all, "queue_duration_us", "Time that requests waited for their run.", one -> 0),
                micros(all, "compute_input_duration_us", "Time in which inputs came.", ModelStatistics::inputNanos),
                micros(all, "compute_infer_duration_us", "Time of runs.", ModelStatistics::inferNanos),
                micros(all, "compute_output_duration_us", "Time of answers.", ModelStatistics::outputNanos));
    }

    private static MetricSnapshot micros(
            List<ModelStatistics> all, String name, String help, ToLongFunction<ModelStatistics> nanos) {
        return metric(all, name, help + " Microseconds.", one -> nanos.applyAsLong(one) / NANOS_PER_MICRO);
    }

    private static MetricSnapshot metric(
            List<ModelStatistics> all, String name, String help, ToLongFunction<ModelStatistics> value) {
        UnknownSnapshot.Builder metric =
                UnknownSnapshot.builder().name("nv_inference_" + name).help(help);
        for (ModelStatistics one : all) {
            Labels labels = Labels.of("model", one.model(), "version", Long.toString(one.version()));
            metric.dataPoint(new UnknownDataPointSnapshot(value.applyAsLong(one), labels, null));
        }
        return metric.build();
    }
}
