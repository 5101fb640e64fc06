package io.opgraft.models.internal.lifecycle;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that is the worker. */
final class WorkerThread implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerThread.class);

    private final ScheduledThreadPoolExecutor executor;

    WorkerThread(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public Runnable schedule(long millis, Runnable task) {
        try {
            Future<?> future = executor.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            // The server is stopping: what was to happen later will not.
            return () -> {};
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                if (e instanceof RejectedExecutionException && executor.isShutdown()) {
                    LOG.debug("the server stopped during a change of the models", e);
                } else {
                    LOG.error("a change of the models failed", e);
                }
            }
        };
    }

    @Override
    public void stop() {
        executor.shutdown();
    }
}
