package io.opgraft.serving.internal;

/** Threads and time of the request path. */
interface Threads {
    /**
     * Runs something on a thread of its own.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the server stops
     */
    void execute(Runnable task);

    /**
     * Runs something short later.
     *
     * @return cancels it
     */
    Runnable after(long nanos, Runnable task);

    /** As {@link System#nanoTime}. */
    long nanos();
}
