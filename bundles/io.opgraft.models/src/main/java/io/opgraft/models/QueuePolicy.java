package io.opgraft.models;

import java.util.Objects;

/**
 * How the requests of one priority level wait, as {@code ModelQueuePolicy} of {@code config.pbtxt}.
 *
 * @param timeoutAction what becomes of a request whose time is over
 * @param defaultTimeoutMicros time that a request may wait, in microseconds; 0 for as long as it takes
 * @param allowTimeoutOverride whether a request's own shorter timeout counts
 * @param maxQueueSize requests that may wait, 0 for any number
 */
public record QueuePolicy(
        TimeoutAction timeoutAction, long defaultTimeoutMicros, boolean allowTimeoutOverride, int maxQueueSize) {
    /** No limits. */
    public static final QueuePolicy NONE = new QueuePolicy(TimeoutAction.REJECT, 0, false, 0);

    /** What becomes of a request whose time is over. */
    public enum TimeoutAction {
        /** It is refused. */
        REJECT,
        /** It is served after all whose time is not over. */
        DELAY
    }

    /** Checks the parts. */
    public QueuePolicy {
        Objects.requireNonNull(timeoutAction, "timeoutAction");
    }
}
