package io.opgraft.serving.internal;

import io.opgraft.serving.ModelStatistics;
import java.util.concurrent.atomic.LongAdder;

/** The figures of one model version. Written by every request without a lock. */
final class Counters {
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder inferences = new LongAdder();
    private final LongAdder successNanos = new LongAdder();
    private final LongAdder failureNanos = new LongAdder();
    private final LongAdder inputNanos = new LongAdder();
    private final LongAdder inferNanos = new LongAdder();
    private final LongAdder outputNanos = new LongAdder();
    private volatile long lastMillis;

    /** A run succeeded; its answer is not written yet. */
    void succeeded(long batch, long input, long infer) {
        successes.increment();
        inferences.add(batch);
        inputNanos.add(input);
        inferNanos.add(infer);
        successNanos.add(input + infer);
        lastMillis = System.currentTimeMillis();
    }

    /** The answer of a successful run is written. */
    void answered(long output) {
        outputNanos.add(output);
        successNanos.add(output);
    }

    void failed(long nanos) {
        failures.increment();
        failureNanos.add(nanos);
    }

    ModelStatistics statistics(String model, long version) {
        long count = successes.sum();
        return new ModelStatistics(
                model,
                version,
                lastMillis,
                count,
                failures.sum(),
                inferences.sum(),
                count,
                successNanos.sum(),
                failureNanos.sum(),
                inputNanos.sum(),
                inferNanos.sum(),
                outputNanos.sum());
    }
}
