package io.opgraft.serving.internal;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the runs of a model take, as a moving average for each class of input sizes: a factor of 16 lies between two
 * classes. Rises at once when a run takes long, falls over a few runs. Writers may lose each other's values.
 */
final class RunTimes {
    private static final int CLASSES = 16;
    private static final int BITS = 4;

    private final AtomicLongArray nanos = new AtomicLongArray(CLASSES);

    private static int sizeClass(long bytes) {
        return (Long.SIZE - Long.numberOfLeadingZeros(bytes | 1)) / BITS % CLASSES;
    }

    /** Whether a run is known to end within a time. */
    boolean isWithin(long bytes, long limit) {
        long average = nanos.getPlain(sizeClass(bytes));
        return average > 0 && average <= limit;
    }

    /** Takes the time of a run. */
    void note(long bytes, long took) {
        int index = sizeClass(bytes);
        long old = nanos.getPlain(index);
        long average = old == 0 ? took : old + (took - old) / (took > old ? 8 : 4);
        nanos.setPlain(index, Math.max(1, average));
    }
}
