package io.opgraft.serving.internal;

import io.opgraft.models.Scheduling;
import java.util.ArrayList;
import java.util.List;

/**
 * Which waiting requests run together with the first one.
 *
 * @param members the first one and those that join it, in their order
 * @param isReady false if it may be worth waiting for more of them
 */
record BatchPlan(List<LeasedRequest> members, boolean isReady) {
    /** How many requests that do not fit are passed over: a long queue of many shapes must not cost too much. */
    private static final int MAX_PASSED = 64;

    /**
     * Plans the batch of the first of some requests: the largest preferred size that can be made, else as many as fit.
     *
     * @param waiting in their order, at least one
     */
    static BatchPlan of(List<LeasedRequest> waiting) {
        LeasedRequest head = waiting.get(0);
        if (!head.batches()) {
            return new BatchPlan(List.of(head), true);
        }
        Scheduling scheduling = head.scheduling();
        int max = head.metadata().maxBatchSize();
        List<LeasedRequest> members = new ArrayList<>();
        int total = 0;
        int preferred = 0;
        int passed = 0;
        boolean full = false;
        for (int i = 0; i < waiting.size() && !full && passed < MAX_PASSED; i++) {
            LeasedRequest next = waiting.get(i);
            if (!next.canJoin(head)) {
                passed++;
            } else if (next.batch() > max - total) {
                full = true;
            } else {
                members.add(next);
                total += next.batch();
                full = total == max;
                if (scheduling.preferredBatchSizes().contains(total)) {
                    preferred = members.size();
                }
            }
        }
        if (preferred > 0) {
            return new BatchPlan(List.copyOf(members.subList(0, preferred)), true);
        }
        return new BatchPlan(List.copyOf(members), full || scheduling.maxQueueDelayMicros() == 0);
    }
}
