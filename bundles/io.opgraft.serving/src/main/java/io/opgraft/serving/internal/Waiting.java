package io.opgraft.serving.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.QueuePolicy;
import io.opgraft.models.QueuePolicy.TimeoutAction;
import io.opgraft.models.Scheduling;
import java.util.concurrent.TimeUnit;

/**
 * How one request waits.
 *
 * @param priority its level, 0 if the model has none
 * @param timeoutNanos longest time to wait, 0 for as long as it takes
 * @param maxQueueSize requests of its level that may wait, 0 for any number
 * @param action what becomes of it when the time is over
 */
record Waiting(int priority, long timeoutNanos, int maxQueueSize, TimeoutAction action) {
    /**
     * Follows the configuration where the request says nothing.
     *
     * @param priority of the request, 0 for the model's default
     * @param timeoutMicros of the request, 0 for the model's default
     * @throws InferenceException if the model has levels and this is none of them
     */
    static Waiting of(ModelMetadata model, long priority, long timeoutMicros) throws InferenceException {
        Scheduling scheduling = model.options().scheduling();
        int levels = scheduling.priorityLevels();
        if (priority < 0 || (levels > 0 && priority > levels)) {
            throw InputCheck.fault("priority " + priority + " is not a level of model '" + model.name()
                    + "', which has " + (levels == 0 ? "none" : "1, the most urgent, to " + levels));
        }
        if (timeoutMicros < 0) {
            throw InputCheck.fault("timeout " + timeoutMicros + " for model '" + model.name()
                    + "' is negative; it is the longest time to wait in microseconds");
        }
        int level = levels == 0 ? 0 : priority > 0 ? (int) priority : Math.max(1, scheduling.defaultPriority());
        QueuePolicy policy = scheduling.queuePolicies().getOrDefault(level, scheduling.defaultQueuePolicy());
        // Where nothing is configured there is nothing that a request could override.
        boolean own = timeoutMicros > 0 && (policy.allowTimeoutOverride() || policy.equals(QueuePolicy.NONE));
        long micros = own ? timeoutMicros : policy.defaultTimeoutMicros();
        return new Waiting(level, TimeUnit.MICROSECONDS.toNanos(micros), policy.maxQueueSize(), policy.timeoutAction());
    }
}
