package io.opgraft.tensorrt.internal;

import java.util.Arrays;

/** Tries a graph and plain runs in turn, and then says which was faster in the median. Used by one thread at a time. */
final class FasterWay {
    /** Runs of each way: enough that single slow ones do not decide, few enough to be over soon. */
    static final int RUNS = 32;

    private final long[] plain = new long[RUNS];
    private final long[] graph = new long[RUNS];
    private int count;

    /** Whether the next run is one with the graph. */
    boolean isGraphNext() {
        return count % 2 == 1;
    }

    /** Notes the nanoseconds of the run that was next. */
    void took(long nanos) {
        (isGraphNext() ? graph : plain)[count / 2] = nanos;
        count++;
    }

    /** Whether enough was tried. */
    boolean isKnown() {
        return count == 2 * RUNS;
    }

    boolean isGraph() {
        return median(graph) < median(plain);
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
