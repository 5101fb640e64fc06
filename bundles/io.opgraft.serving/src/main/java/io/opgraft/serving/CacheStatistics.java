package io.opgraft.serving;

/**
 * What the response cache did for a model version since the server started.
 *
 * @param hits requests that were answered from it
 * @param hitNanos time of looking these up
 * @param misses requests that were not found
 * @param missNanos time of looking for these and of storing their answers
 */
public record CacheStatistics(long hits, long hitNanos, long misses, long missNanos) {
    /** Nothing. */
    public static final CacheStatistics NONE = new CacheStatistics(0, 0, 0, 0);
}
