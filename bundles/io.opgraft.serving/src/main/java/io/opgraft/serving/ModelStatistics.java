package io.opgraft.serving;

import java.util.List;
import java.util.Map;

/**
 * What a model version did since the server started, over all its instances. Times are in nanoseconds.
 *
 * @param model model name
 * @param version version number
 * @param tags labels that its metrics carry besides their own
 * @param lastMillis when the last run ended, in milliseconds since 1970; 0 if there was none
 * @param successes requests that were answered
 * @param failures requests that were opened, but not answered
 * @param failuresByReason the same by reason; reasons without failures are left out
 * @param inferences sum of the batch sizes of the requests that runs answered; those from the cache are not in it
 * @param executions runs of the model that succeeded
 * @param successNanos time of the answered requests, from opening to the end of the answer
 * @param failureNanos time of the others, from opening to the failure
 * @param queueNanos part of the first in which requests waited for a place
 * @param inputNanos part of the first in which inputs arrived and were joined to batches
 * @param inferNanos part of the first in which the model ran
 * @param outputNanos part of the first in which answers were written
 * @param cache the response cache
 * @param batches by size, ascending
 * @param waiting requests that wait now
 * @param running runs under way now
 * @param requestsByOpBundle answered requests for each op bundle that computed them, as {@code bundle/version}
 */
public record ModelStatistics(
        String model,
        long version,
        Map<String, String> tags,
        long lastMillis,
        long successes,
        long failures,
        Map<FailureReason, Long> failuresByReason,
        long inferences,
        long executions,
        long successNanos,
        long failureNanos,
        long queueNanos,
        long inputNanos,
        long inferNanos,
        long outputNanos,
        CacheStatistics cache,
        List<BatchStatistics> batches,
        long waiting,
        long running,
        Map<String, Long> requestsByOpBundle) {
    /** Takes copies. */
    public ModelStatistics {
        tags = Map.copyOf(tags);
        failuresByReason = Map.copyOf(failuresByReason);
        batches = List.copyOf(batches);
        requestsByOpBundle = Map.copyOf(requestsByOpBundle);
    }

    /**
     * A model version whose requests never waited.
     *
     * @param model model name
     * @param version version number
     * @param lastMillis when the last run ended
     * @param successes requests that were answered
     * @param failures requests that were opened, but not answered
     * @param inferences sum of the batch sizes
     * @param executions runs that succeeded
     * @param successNanos time of the answered requests
     * @param failureNanos time of the others
     * @param inputNanos time in which inputs arrived
     * @param inferNanos time of runs
     * @param outputNanos time of answers
     */
    public ModelStatistics(
            String model,
            long version,
            long lastMillis,
            long successes,
            long failures,
            long inferences,
            long executions,
            long successNanos,
            long failureNanos,
            long inputNanos,
            long inferNanos,
            long outputNanos) {
        this(
                model,
                version,
                Map.of(),
                lastMillis,
                successes,
                failures,
                Map.of(),
                inferences,
                executions,
                successNanos,
                failureNanos,
                0,
                inputNanos,
                inferNanos,
                outputNanos,
                CacheStatistics.NONE,
                List.of(),
                0,
                0,
                Map.of());
    }

    /**
     * A model version that did nothing.
     *
     * @param model model name
     * @param version version number
     * @return all zeros
     */
    public static ModelStatistics none(String model, long version) {
        return new ModelStatistics(model, version, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
