package io.opgraft.metrics.internal;

import io.opgraft.serving.BatchStatistics;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Our own figures of requests: queues, batches, and who computed the answers. */
final class RequestMetrics {
    /** Upper bounds of the batch sizes. */
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, Double.POSITIVE_INFINITY};

    /** Failures that have to do with waiting. */
    private static final List<FailureReason> REFUSALS =
            List.of(FailureReason.OVERLOAD, FailureReason.DEADLINE, FailureReason.CANCELLED);

    private RequestMetrics() {}

    static MetricSnapshots of(List<ModelStatistics> all) {
        return MetricSnapshots.of(
                gauge(all, "opgraft_queue_requests", "Requests that wait for a place.", ModelStatistics::waiting),
                gauge(all, "opgraft_running_requests", "Runs under way.", ModelStatistics::running),
                refusals(all),
                batchSizes(all),
                opBundles(all));
    }

    private static MetricSnapshot gauge(
            List<ModelStatistics> all, String name, String help, ToLongFunction<ModelStatistics> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (ModelStatistics one : all) {
            double now = value.applyAsLong(one);
            gauge.dataPoint(new GaugeDataPointSnapshot(now, ModelLabels.of(one), null));
        }
        return gauge.build();
    }

    private static MetricSnapshot refusals(List<ModelStatistics> all) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("opgraft_queue_refusals")
                .help("Requests that left the queue, or never came into it, without a run.");
        for (ModelStatistics one : all) {
            for (FailureReason reason : REFUSALS) {
                counter.dataPoint(count(
                        one.failuresByReason().getOrDefault(reason, 0L),
                        ModelLabels.of(one, "reason", ModelLabels.name(reason))));
            }
        }
        return counter.build();
    }

    private static CounterDataPointSnapshot count(long value, Labels labels) {
        return new CounterDataPointSnapshot(value, labels, null, 0);
    }

    private static MetricSnapshot batchSizes(List<ModelStatistics> all) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name("opgraft_batch_size").help("Batch sizes of the runs.");
        List<Double> bounds = new ArrayList<>();
        for (double size : SIZES) {
            bounds.add(size);
        }
        for (ModelStatistics one : all) {
            Long[] counts = new Long[SIZES.length];
            Arrays.fill(counts, 0L);
            double sum = 0;
            for (BatchStatistics batch : one.batches()) {
                int bucket = 0;
                while (batch.size() > SIZES[bucket]) {
                    bucket++;
                }
                counts[bucket] += batch.executions();
                sum += (double) batch.size() * batch.executions();
            }
            histogram.dataPoint(new HistogramDataPointSnapshot(
                    ClassicHistogramBuckets.of(bounds, List.of(counts)), sum, ModelLabels.of(one), Exemplars.EMPTY, 0));
        }
        return histogram.build();
    }

    /** Over all models, since it is the op bundle that one watches here. */
    private static MetricSnapshot opBundles(List<ModelStatistics> all) {
        Map<String, Long> byBundle = new TreeMap<>();
        for (ModelStatistics one : all) {
            one.requestsByOpBundle().forEach((bundle, count) -> byBundle.merge(bundle, count, Long::sum));
        }
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("opgraft_op_bundle_requests")
                .help("Answered requests that ops of a bundle had a part in.");
        byBundle.forEach((bundle, count) -> {
            int slash = bundle.lastIndexOf('/');
            counter.dataPoint(count(
                    count,
                    Labels.of("bundle", bundle.substring(0, slash), "bundle_version", bundle.substring(slash + 1))));
        });
        return counter.build();
    }
}
