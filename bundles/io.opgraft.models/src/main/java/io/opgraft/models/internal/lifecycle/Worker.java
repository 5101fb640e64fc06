package io.opgraft.models.internal.lifecycle;

import java.util.concurrent.Executor;

/** Runs the deployer's tasks one after the other. */
interface Worker extends Executor {
    /**
     * Runs a task later, among the others.
     *
     * @param millis delay
     * @param task the task
     * @return cancels it if it has not begun
     */
    Runnable schedule(long millis, Runnable task);

    /** Runs no more tasks. */
    void stop();
}
