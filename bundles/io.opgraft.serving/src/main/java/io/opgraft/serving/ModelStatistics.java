package io.opgraft.serving;

/**
 * What a model version did since the server started, over all its instances. Times are in nanoseconds.
 *
 * @param model model name
 * @param version version number
 * @param lastMillis when the last run ended, in milliseconds since 1970; 0 if there was none
 * @param successes requests whose run succeeded
 * @param failures requests that were opened, but were not run, or whose run failed
 * @param inferences sum of the batch sizes of the successful requests
 * @param executions runs of the model that succeeded
 * @param successNanos time of the successful requests, from opening to the end of the answer
 * @param failureNanos time of the others, from opening to the failure
 * @param inputNanos part of the first in which inputs arrived
 * @param inferNanos part of the first in which the model ran
 * @param outputNanos part of the first in which answers were written
 */
public record ModelStatistics(
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
