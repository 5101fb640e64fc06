package io.opgraft.models;

import java.util.List;
import java.util.Map;

/**
 * How the requests of a model version share its executors, from {@code dynamic_batching} of {@code config.pbtxt}.
 *
 * @param batching whether requests are joined to batches
 * @param preferredBatchSizes sizes that are run at once when they can be made, ascending; empty for the largest possible
 * @param maxQueueDelayMicros longest time that a request waits for others to join it, in microseconds
 * @param preserveOrdering whether answers leave in the order of the requests
 * @param priorityLevels number of levels, 1 being the most urgent; 0 if there are none
 * @param defaultPriority level of requests that name none
 * @param defaultQueuePolicy for the levels that have none of their own
 * @param queuePolicies by level
 */
public record Scheduling(
        boolean batching,
        List<Integer> preferredBatchSizes,
        long maxQueueDelayMicros,
        boolean preserveOrdering,
        int priorityLevels,
        int defaultPriority,
        QueuePolicy defaultQueuePolicy,
        Map<Integer, QueuePolicy> queuePolicies) {
    /** Requests run one by one, in the order of their arrival. */
    public static final Scheduling PLAIN = new Scheduling(false, List.of(), 0, false, 0, 0, QueuePolicy.NONE, Map.of());

    /** Takes copies. */
    public Scheduling {
        preferredBatchSizes = preferredBatchSizes.stream().sorted().toList();
        queuePolicies = Map.copyOf(queuePolicies);
    }
}
