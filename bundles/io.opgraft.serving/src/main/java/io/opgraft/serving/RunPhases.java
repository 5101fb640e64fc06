package io.opgraft.serving;

/**
 * What the time of one answered request went into.
 *
 * @param inputNanos part in which inputs arrived and were joined to a batch
 * @param inferNanos part in which the model ran
 */
public record RunPhases(long inputNanos, long inferNanos) {
    /** No time at all, as for an answer from the cache. */
    public static final RunPhases NONE = new RunPhases(0, 0);
}
