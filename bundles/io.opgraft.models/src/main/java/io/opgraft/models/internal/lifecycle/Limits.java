package io.opgraft.models.internal.lifecycle;

/**
 * What a server allows its models.
 *
 * @param warmupMillis how long the warm-up requests of one model version may take together
 * @param maxRetained how many op libraries may be mapped without being in use before new ones are refused; 0 for no limit
 * @param maxRetainedBytes how many bytes those may take; 0 for no limit
 */
record Limits(long warmupMillis, int maxRetained, long maxRetainedBytes) {
    /** What holds if nobody says otherwise. */
    static final Limits DEFAULT = new Limits(30_000, 0, 0);
}
