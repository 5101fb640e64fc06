package io.opgraft.metrics.internal;

import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Requests under the names that dashboards for Triton ask for, which {@link TextFormat} keeps. */
final class TritonMetrics {
    private static final long NANOS_PER_MICRO = 1000;

    /** Triton's reasons and which of ours they stand for. */
    private static final Map<String, Set<FailureReason>> REASONS = new TreeMap<>(Map.of(
            "REJECTED", Set.of(FailureReason.OVERLOAD, FailureReason.DEADLINE),
            "CANCELED", Set.of(FailureReason.CANCELLED),
            "BACKEND", Set.of(FailureReason.BACKEND),
            "OTHER", Set.of(FailureReason.OTHER)));

    private TritonMetrics() {}

    static MetricSnapshots of(ServedVersions.Figures figures) {
        List<ModelStatistics> all = figures.all();
        List<ModelStatistics> cached = figures.cached();
        return MetricSnapshots.of(
                metric(all, "inference_request_success", "Requests that were answered.", ModelStatistics::successes),
                failures(all),
                metric(
                        all,
                        "inference_count",
                        "Inferences: the batch sizes of the requests, without cached answers.",
                        ModelStatistics::inferences),
                metric(all, "inference_exec_count", "Runs of the model.", ModelStatistics::executions),
                micros(all, "inference_request_duration_us", "Time of requests in all.", ModelStatistics::successNanos),
                micros(
                        all,
                        "inference_queue_duration_us",
                        "Time that requests waited for their run.",
                        ModelStatistics::queueNanos),
                micros(
                        all,
                        "inference_compute_input_duration_us",
                        "Time in which inputs came.",
                        ModelStatistics::inputNanos),
                micros(all, "inference_compute_infer_duration_us", "Time of runs.", ModelStatistics::inferNanos),
                micros(all, "inference_compute_output_duration_us", "Time of answers.", ModelStatistics::outputNanos),
                pending(all),
                metric(cached, "cache_num_hits_per_model", "Answers from the response cache.", one -> one.cache()
                        .hits()),
                metric(cached, "cache_num_misses_per_model", "Requests not in the response cache.", one -> one.cache()
                        .misses()),
                micros(cached, "cache_hit_duration_per_model", "Time of finding answers.", one -> one.cache()
                        .hitNanos()),
                micros(
                        cached,
                        "cache_miss_duration_per_model",
                        "Time of looking for answers and of storing them.",
                        one -> one.cache().missNanos()));
    }

    private static MetricSnapshot micros(
            List<ModelStatistics> all, String name, String help, ToLongFunction<ModelStatistics> nanos) {
        return metric(all, name, help + " Microseconds.", one -> nanos.applyAsLong(one) / NANOS_PER_MICRO);
    }

    private static MetricSnapshot metric(
            List<ModelStatistics> all, String name, String help, ToLongFunction<ModelStatistics> value) {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name("nv_" + name).help(help);
        for (ModelStatistics one : all) {
            metric.dataPoint(new CounterDataPointSnapshot(value.applyAsLong(one), ModelLabels.of(one), null, 0));
        }
        return metric.build();
    }

    private static MetricSnapshot failures(List<ModelStatistics> all) {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name("nv_inference_request_failure").help("Requests that were not answered.");
        for (ModelStatistics one : all) {
            REASONS.forEach((name, reasons) -> {
                long count = reasons.stream()
                        .mapToLong(reason -> one.failuresByReason().getOrDefault(reason, 0L))
                        .sum();
                metric.dataPoint(new CounterDataPointSnapshot(count, ModelLabels.of(one, "reason", name), null, 0));
            });
        }
        return metric.build();
    }

    private static MetricSnapshot pending(List<ModelStatistics> all) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("nv_inference_pending_request_count")
                .help("Requests that wait for their run.");
        for (ModelStatistics one : all) {
            double waiting = one.waiting();
            gauge.dataPoint(new GaugeDataPointSnapshot(waiting, ModelLabels.of(one), null));
        }
        return gauge.build();
    }
}
