package io.opgraft.serving;

/**
 * The response cache of the server, over all models.
 *
 * @param limit bytes that its answers may take; 0 if there is no cache
 * @param bytes bytes that they take now
 * @param entries answers in it now
 * @param hits requests that were answered from it since the start
 * @param misses requests that were not found since the start
 * @param evictions answers that made room for others since the start
 * @param lookupNanos time of looking up, found or not
 * @param insertionNanos time of storing answers
 */
public record ResponseCacheStatistics(
        long limit,
        long bytes,
        long entries,
        long hits,
        long misses,
        long evictions,
        long lookupNanos,
        long insertionNanos) {
    /** No cache. */
    public static final ResponseCacheStatistics NONE = new ResponseCacheStatistics(0, 0, 0, 0, 0, 0, 0, 0);
}
