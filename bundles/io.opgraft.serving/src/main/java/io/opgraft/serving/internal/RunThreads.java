package io.opgraft.serving.internal;

import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of runs that are handed off, and of timers. A thread is made when none is idle, up to the limit, so a model
 * whose runs are long takes no thread from others before that.
 */
final class RunThreads implements Threads, AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timer;

    /** Tells the pool that it is full unless a thread waits, so that the pool makes a new one. */
    private static final class HandOff extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void keep(Runnable task) {
            super.offer(task);
        }
    }

    RunThreads(int limit) {
        HandOff handOff = new HandOff();
        pool = new ThreadPoolExecutor(
                0, limit, IDLE_SECONDS, TimeUnit.SECONDS, handOff, named("opgraft-run-"), (task, executor) -> {
                    if (executor.isShutdown()) {
                        throw new RejectedExecutionException("the server is stopping");
                    }
                    handOff.keep(task);
                });
        timer = new ScheduledThreadPoolExecutor(1, named("opgraft-run-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public Runnable after(long nanos, Runnable task) {
        try {
            Future<?> future = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            // The server stops; what waits is run or refused without its timer.
            return () -> {};
        }
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    /** Takes no more work; what runs goes on to its end. */
    @Override
    public void close() {
        timer.shutdownNow();
        pool.shutdown();
    }
}
