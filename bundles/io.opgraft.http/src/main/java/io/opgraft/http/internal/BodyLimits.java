package io.opgraft.http.internal;

import java.util.concurrent.TimeUnit;

/**
 * What a request body may cost.
 *
 * @param bytes most bytes, as sent and after decompression
 * @param bytesPerSecond fewest bytes per second on average, 0 for no limit
 */
record BodyLimits(long bytes, long bytesPerSecond) {
    /** How long a body may be slower, so that a short pause does no harm. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    BodyLimits withBytes(long other) {
        return new BodyLimits(Math.min(bytes, other), bytesPerSecond);
    }

    boolean tooSlow(long received, long nanos) {
        return bytesPerSecond > 0
                && nanos > GRACE_NANOS
                && received < (double) bytesPerSecond * nanos / TimeUnit.SECONDS.toNanos(1);
    }
}
