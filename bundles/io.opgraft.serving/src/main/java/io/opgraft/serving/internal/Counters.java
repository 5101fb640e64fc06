package io.opgraft.serving.internal;

import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.serving.BatchStatistics;
import io.opgraft.serving.CacheStatistics;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** The figures of one model version. Written by every request without a lock. */
final class Counters {
    private final LongAdder successes = new LongAdder();
    private final Map<FailureReason, LongAdder> failures = new EnumMap<>(FailureReason.class);
    private final LongAdder inferences = new LongAdder();
    private final LongAdder successNanos = new LongAdder();
    private final LongAdder failureNanos = new LongAdder();
    private final LongAdder queueNanos = new LongAdder();
    private final LongAdder inputNanos = new LongAdder();
    private final LongAdder inferNanos = new LongAdder();
    private final LongAdder outputNanos = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder hitNanos = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder missNanos = new LongAdder();
    private final Map<Integer, Batches> batches = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> bundles = new ConcurrentHashMap<>();
    private volatile Batches lastBatches = new Batches(0);
    private volatile WiringAdders lastWiring = new WiringAdders(new Wiring(List.of()), List.of());
    private volatile long lastMillis;

    /** Runs with one batch size. */
    static final class Batches {
        private final int size;
        private final LongAdder executions = new LongAdder();
        private final LongAdder inputNanos = new LongAdder();
        private final LongAdder inferNanos = new LongAdder();
        private final LongAdder outputNanos = new LongAdder();

        private Batches(int size) {
            this.size = size;
        }

        private BatchStatistics statistics() {
            return new BatchStatistics(size, executions.sum(), inputNanos.sum(), inferNanos.sum(), outputNanos.sum());
        }
    }

    /** The counters of the bundles of one wiring; an instance always gives the same wiring. */
    private record WiringAdders(Wiring wiring, List<LongAdder> adders) {}

    Counters() {
        for (FailureReason reason : FailureReason.values()) {
            failures.put(reason, new LongAdder());
        }
    }

    /** A run succeeded; its answers are not written yet. */
    Batches executed(int size, long input, long infer) {
        Batches batch = lastBatches;
        if (batch.size != size) {
            batch = batches.computeIfAbsent(size, Batches::new);
            lastBatches = batch;
        }
        batch.executions.increment();
        batch.inputNanos.add(input);
        batch.inferNanos.add(infer);
        return batch;
    }

    /** A request took part in a successful run; its answer is not written yet. */
    void succeeded(int batch, long queue, long input, long infer, long total) {
        successes.increment();
        inferences.add(batch);
        queueNanos.add(queue);
        inputNanos.add(input);
        inferNanos.add(infer);
        successNanos.add(total);
        lastMillis = System.currentTimeMillis();
    }

    /** Who computed an answer. */
    @SuppressWarnings("ReferenceEquality") // an instance always gives the same object, and comparing wires would cost
    void computedBy(Wiring wiring) {
        WiringAdders last = lastWiring;
        if (last.wiring != wiring) {
            List<LongAdder> adders = wiring.wires().stream()
                    .map(Counters::bundle)
                    .distinct()
                    .map(bundle -> bundles.computeIfAbsent(bundle, name -> new LongAdder()))
                    .toList();
            last = new WiringAdders(wiring, adders);
            lastWiring = last;
        }
        last.adders.forEach(LongAdder::increment);
    }

    private static String bundle(Wire wire) {
        return wire.bundle() + "/" + wire.version();
    }

    /** The cache answered a request; the answer is not written yet. */
    void hit(long lookUp, long total) {
        successes.increment();
        hits.increment();
        hitNanos.add(lookUp);
        successNanos.add(total);
        lastMillis = System.currentTimeMillis();
    }

    /** The cache did not have the answer. */
    void missed(long lookUp) {
        misses.increment();
        missNanos.add(lookUp);
    }

    /** An answer was copied into the cache. */
    void stored(long nanos) {
        missNanos.add(nanos);
    }

    /**
     * The answer is written.
     *
     * @param batch of its run, or null if the cache gave it
     */
    void answered(Batches batch, long output) {
        successNanos.add(output);
        if (batch != null) {
            outputNanos.add(output);
            batch.outputNanos.add(output);
        }
    }

    void failed(FailureReason reason, long nanos) {
        failures.get(reason).increment();
        failureNanos.add(nanos);
    }

    ModelStatistics statistics(ModelMetadata model, long waiting, long running) {
        Map<FailureReason, Long> reasons = new EnumMap<>(FailureReason.class);
        failures.forEach((reason, count) -> {
            if (count.sum() > 0) {
                reasons.put(reason, count.sum());
            }
        });
        Map<String, Long> byBundle = new HashMap<>();
        bundles.forEach((bundle, count) -> byBundle.put(bundle, count.sum()));
        List<BatchStatistics> bySize = new ArrayList<>();
        batches.values().forEach(batch -> bySize.add(batch.statistics()));
        return new ModelStatistics(
                model.name(),
                model.version(),
                model.options().metricTags(),
                lastMillis,
                successes.sum(),
                reasons.values().stream().mapToLong(Long::longValue).sum(),
                reasons,
                inferences.sum(),
                bySize.stream().mapToLong(BatchStatistics::executions).sum(),
                successNanos.sum(),
                failureNanos.sum(),
                queueNanos.sum(),
                inputNanos.sum(),
                inferNanos.sum(),
                outputNanos.sum(),
                new CacheStatistics(hits.sum(), hitNanos.sum(), misses.sum(), missNanos.sum()),
                bySize,
                waiting,
                running,
                byBundle);
    }
}
