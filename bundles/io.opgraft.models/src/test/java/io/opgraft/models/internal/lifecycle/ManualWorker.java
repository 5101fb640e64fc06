package io.opgraft.models.internal.lifecycle;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A worker without a thread: tasks run on the caller's, delayed ones when the test moves the clock. */
final class ManualWorker implements Worker {
    private record Timer(long at, long order, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private boolean running;
    private long now;
    private long order;

    @Override
    public void execute(Runnable task) {
        queue.add(task);
        if (running) {
            return;
        }
        running = true;
        try {
            for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
                next.run();
            }
        } finally {
            running = false;
        }
    }

    @Override
    public Runnable schedule(long millis, Runnable task) {
        Timer timer = new Timer(now + millis, order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Moves the clock. */
    void advance(long millis) {
        long end = now + millis;
        while (!timers.isEmpty() && timers.peek().at() <= end) {
            Timer next = timers.remove();
            now = next.at();
            execute(next.task());
        }
        now = end;
    }

    @Override
    public void stop() {
        timers.clear();
    }
}
