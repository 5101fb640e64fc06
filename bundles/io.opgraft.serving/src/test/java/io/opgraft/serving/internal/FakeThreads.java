package io.opgraft.serving.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;

/** Runs what was handed off when the test says so, in a time that the test makes. */
final class FakeThreads implements Threads {
    static final long SHORT = 1_000_000;
    static final Settings SETTINGS = new Settings(SHORT, 1000, 0, 0, 2);

    final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TreeMap<Long, List<Runnable>> timers = new TreeMap<>();
    private long now = 1;
    boolean stopped;

    @Override
    public void execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("stopped");
        }
        tasks.add(task);
    }

    @Override
    public Runnable after(long nanos, Runnable task) {
        List<Runnable> due = timers.computeIfAbsent(now + nanos, time -> new ArrayList<>());
        due.add(task);
        return () -> due.remove(task);
    }

    @Override
    public long nanos() {
        return now++;
    }

    /** Lets time pass without telling the timers. */
    void pass(long nanos) {
        now += nanos;
    }

    /** Lets time pass. */
    void advance(long nanos) {
        now += nanos;
        while (!timers.isEmpty() && timers.firstKey() <= now) {
            List.copyOf(timers.pollFirstEntry().getValue()).forEach(Runnable::run);
        }
    }

    /** Runs one task that was handed off. */
    void runOne() {
        tasks.remove().run();
    }

    /** Runs all that is handed off until nothing is left. */
    void runAll() {
        while (!tasks.isEmpty()) {
            runOne();
        }
    }
}
