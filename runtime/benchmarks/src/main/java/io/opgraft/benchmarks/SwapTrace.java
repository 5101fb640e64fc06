package io.opgraft.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients of a model saw while its op bundle changed: when each answer came, how long it took, which version computed
 * it. Filled by the thread of a load; the answers are read after its end.
 */
final class SwapTrace implements LoadConnection.Listener {
    private static final String OPS = "Opgraft-Ops";

    private final boolean kept;
    private long[] ends = new long[1 << 16];
    private long[] nanos = new long[1 << 16];
    private int[] versions = new int[1 << 16];
    private int count;
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger latest = new AtomicInteger(-1);

    /**
     * Makes it.
     *
     * @param kept whether each answer is kept, or only the latest version
     */
    SwapTrace(boolean kept) {
        this.kept = kept;
    }

    @Override
    public void answered(LoadConnection connection, long took) throws IOException {
        if (connection.status() != 200) {
            failed.incrementAndGet();
        } else {
            String ops = connection.field(OPS);
            int version = Integer.parseInt(ops.substring(ops.lastIndexOf('.') + 1));
            latest.accumulateAndGet(version, Math::max);
            if (kept) {
                keep(System.nanoTime(), took, version);
            }
        }
        connection.send();
    }

    private void keep(long end, long took, int version) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            nanos = Arrays.copyOf(nanos, 2 * count);
            versions = Arrays.copyOf(versions, 2 * count);
        }
        ends[count] = end;
        nanos[count] = took;
        versions[count++] = version;
    }

    /** A connection broke before its answer. */
    void broke() {
        failed.incrementAndGet();
    }

    /** Requests without an answer of status 200. */
    int failed() {
        return failed.get();
    }

    /** The highest version that computed an answer; -1 before the first. */
    int latest() {
        return latest.get();
    }

    /** When the last answer of a version below one came, or the first of it, whichever is later. */
    long switched(int version) {
        long end = Long.MIN_VALUE;
        boolean seen = false;
        for (int i = 0; i < count; i++) {
            boolean first = !seen && versions[i] >= version;
            if (first || versions[i] < version) {
                end = Math.max(end, ends[i]);
            }
            seen |= first;
        }
        return end;
    }

    /** The 99th percentile in milliseconds of the answers that were on their way in any of some spans, or in none. */
    double p99Millis(long[][] spans, boolean within) {
        long[] some = new long[count];
        int found = 0;
        for (int i = 0; i < count; i++) {
            boolean inside = false;
            for (long[] span : spans) {
                inside |= ends[i] >= span[0] && ends[i] - nanos[i] <= span[1];
            }
            if (inside == within) {
                some[found++] = nanos[i];
            }
        }
        if (found == 0) {
            return Double.NaN;
        }
        Arrays.sort(some, 0, found);
        return some[(int) (found * 0.99)] / 1e6;
    }

    /** The longest time in milliseconds without an answer to any client that overlaps with any of some spans, or none. */
    double longestGapMillis(long[][] spans, boolean within) {
        long longest = 0;
        for (int i = 1; i < count; i++) {
            boolean inside = false;
            for (long[] span : spans) {
                inside |= ends[i] >= span[0] && ends[i - 1] <= span[1];
            }
            if (inside == within) {
                longest = Math.max(longest, ends[i] - ends[i - 1]);
            }
        }
        return longest / 1e6;
    }
}
