package io.opgraft.serving.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.QueuePolicy.TimeoutAction;
import io.opgraft.serving.DeadlineException;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.OverloadException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives the requests of one model version their places, over all its instances: a request keeps the lease that it opened.
 * What can run at once takes no lock.
 */
final class VersionQueue {
    /** So many may wait as long as they like: clients that wait for each answer before they ask again are no overload. */
    private static final int PATIENT = 256;

    private final Settings settings;
    private final Threads threads;
    private final Counters counters = new Counters();
    private final RunTimes times = new RunTimes();
    private final Ordering ordering = new Ordering();
    private final AtomicInteger running = new AtomicInteger();

    /** Requests that are not answered yet, waiting ones included. */
    private final AtomicInteger open = new AtomicInteger();

    private final Levels levels = new Levels();

    /**
     * How many requests wait; written under the lock. A run that ends looks at it after it gave its place back, so none
     * waits beside a free place.
     */
    private final AtomicInteger waiting = new AtomicInteger();

    /** When batches are looked at again, and how to cancel that. */
    private long wakeAt;

    private volatile Runnable wake;
    private volatile ModelMetadata model;

    VersionQueue(ModelMetadata model, Settings settings, Threads threads) {
        this.model = model;
        this.settings = settings;
        this.threads = threads;
    }

    Counters counters() {
        return counters;
    }

    Threads threads() {
        return threads;
    }

    RunTimes times() {
        return times;
    }

    Ordering ordering() {
        return ordering;
    }

    /** A request was opened. */
    @SuppressWarnings("ReferenceEquality") // an instance always gives the same object
    void opened(ModelMetadata by) {
        if (model != by) {
            model = by;
        }
        open.incrementAndGet();
    }

    /** A request is answered, or never will be. */
    void settled() {
        open.decrementAndGet();
        if (wake != null) {
            // Nobody may be left for whom a batch could wait.
            dispatch();
        }
    }

    /** Runs a request now or lets it wait. */
    void submit(LeasedRequest request) {
        if (waiting.get() == 0 && staysHere(request) && take(request, true)) {
            request.begin();
            Execution.run(List.of(request), this);
            return;
        }
        InferenceException refused = enqueue(request);
        if (refused != null) {
            request.failed(refused, reason(refused));
            return;
        }
        dispatch();
    }

    private boolean staysHere(LeasedRequest request) {
        if (request.isAsync()) {
            return true;
        }
        boolean waitsForOthers = request.batches() && request.scheduling().maxQueueDelayMicros() > 0 && open.get() > 1;
        return !waitsForOthers && (request.callerWaits() || times.isWithin(request.bytes(), settings.inlineNanos()));
    }

    /** Takes a place, which {@link #release} gives back. */
    private boolean take(LeasedRequest request, boolean here) {
        int limit = request.isAsync() ? Integer.MAX_VALUE : request.places();
        if (limit == 0 && here && !request.batches()) {
            // The threads that read requests are few, and a hand-off costs more than a short run.
            limit = Integer.MAX_VALUE;
        } else if (limit == 0) {
            limit = settings.processors();
        }
        int now = running.get();
        while (now < limit) {
            if (running.compareAndSet(now, now + 1)) {
                return true;
            }
            now = running.get();
        }
        return false;
    }

    /** A run ended. */
    void release() {
        running.decrementAndGet();
        if (waiting.get() > 0) {
            dispatch();
        }
    }

    private InferenceException enqueue(LeasedRequest request) {
        Waiting how = request.waiting();
        synchronized (this) {
            if (request.isCancelled()) {
                return request.cancellation();
            }
            if (how.maxQueueSize() > 0 && levels.size(request) >= how.maxQueueSize()) {
                return overload("Exceeds maximum queue size: " + how.maxQueueSize() + " requests wait for model '"
                        + model.name() + "'" + (how.priority() > 0 ? " with priority " + how.priority() : ""));
            }
            if (settings.maxWaiting() > 0 && waiting.get() >= settings.maxWaiting()) {
                return overload("Exceeds the server's limit of " + settings.maxWaiting()
                        + " requests that wait for model '" + model.name() + "'");
            }
            if (isOverdue(request)) {
                return overload("Requests wait longer than the server's limit of "
                        + TimeUnit.NANOSECONDS.toMillis(settings.maxWaitNanos()) + " ms for model '" + model.name()
                        + "'");
            }
            levels.add(request);
            waiting.incrementAndGet();
            if (how.timeoutNanos() > 0) {
                request.timer(threads.after(how.timeoutNanos(), () -> timeOver(request)));
            }
        }
        return null;
    }

    /** Whether the queue moves so slowly that who joins it now would get an answer that is of no use any more. */
    private boolean isOverdue(LeasedRequest request) {
        if (settings.maxWaitNanos() == 0 || waiting.get() < PATIENT) {
            return false;
        }
        LeasedRequest first = levels.first();
        return first != null && !levels.isDelayed(first) && request.asked() - first.asked() > settings.maxWaitNanos();
    }

    private static OverloadException overload(String what) {
        return new OverloadException(what + "; try again later", 1);
    }

    static FailureReason reason(InferenceException cause) {
        if (cause instanceof OverloadException) {
            return FailureReason.OVERLOAD;
        }
        if (cause instanceof DeadlineException) {
            return FailureReason.DEADLINE;
        }
        return cause instanceof CancelledException ? FailureReason.CANCELLED : FailureReason.BACKEND;
    }

    /** Takes a waiting request out; its answer is that it was cancelled. */
    void cancel(LeasedRequest request) {
        synchronized (this) {
            if (!remove(request)) {
                return;
            }
        }
        request.failed(request.cancellation(), FailureReason.CANCELLED);
    }

    private boolean remove(LeasedRequest request) {
        boolean there = levels.remove(request);
        if (there) {
            waiting.decrementAndGet();
            request.stopTimer();
        }
        return there;
    }

    private void timeOver(LeasedRequest request) {
        synchronized (this) {
            if (request.waiting().action() == TimeoutAction.DELAY) {
                levels.delay(request);
                return;
            }
            if (!remove(request)) {
                return;
            }
        }
        timedOut(request);
    }

    private void timedOut(LeasedRequest request) {
        long micros = TimeUnit.NANOSECONDS.toMicros(request.waiting().timeoutNanos());
        request.failed(
                new DeadlineException("Request timeout expired: it waited longer than " + micros
                        + " microseconds for model '" + model.name() + "'"),
                FailureReason.DEADLINE);
    }

    /** Hands to threads whatever can run now. */
    private void dispatch() {
        List<LeasedRequest> late = new ArrayList<>(0);
        for (List<LeasedRequest> members = next(late); members != null; members = next(late)) {
            List<LeasedRequest> batch = members;
            try {
                threads.execute(() -> Execution.run(batch, this));
            } catch (RejectedExecutionException e) {
                running.decrementAndGet();
                batch.forEach(member -> member.failed(overload("the server is stopping"), FailureReason.OVERLOAD));
            }
        }
        late.forEach(this::timedOut);
    }

    /** Takes the next batch and a place for it; null if nothing can run now. */
    private synchronized List<LeasedRequest> next(List<LeasedRequest> late) {
        long now = threads.nanos();
        for (LeasedRequest head = levels.first(); head != null; head = levels.first()) {
            if (handleLate(head, now, late)) {
                continue;
            }
            if (!take(head, false)) {
                return null;
            }
            if (!head.batches()) {
                return begin(List.of(head));
            }
            running.decrementAndGet();
            return nextBatch(inTime(now, late), now);
        }
        return null;
    }

    private List<LeasedRequest> nextBatch(List<LeasedRequest> candidates, long now) {
        List<LeasedRequest> rest = candidates;
        while (!rest.isEmpty() && take(rest.get(0), false)) {
            BatchPlan plan = BatchPlan.of(rest);
            if (plan.isReady() || waitFor(plan, now) <= 0) {
                return begin(plan.members());
            }
            running.decrementAndGet();
            wakeAfter(waitFor(plan, now), now);
            // Whoever it waits for may have gone before there was something to wake.
            if (open.get() <= waiting.get()) {
                continue;
            }
            rest = new ArrayList<>(rest);
            rest.removeAll(new HashSet<>(plan.members()));
        }
        return null;
    }

    private List<LeasedRequest> begin(List<LeasedRequest> members) {
        for (LeasedRequest member : members) {
            remove(member);
            member.begin();
        }
        return members;
    }

    /** Refuses or delays a request whose time is over; false if it is not, or was delayed before. */
    private boolean handleLate(LeasedRequest request, long now, List<LeasedRequest> late) {
        if (!request.isLate(now) || levels.isDelayed(request)) {
            return false;
        }
        if (request.waiting().action() == TimeoutAction.DELAY) {
            levels.delay(request);
        } else {
            remove(request);
            late.add(request);
        }
        return true;
    }

    /** The waiting requests in their order, without those whose time is over. */
    private List<LeasedRequest> inTime(long now, List<LeasedRequest> late) {
        List<LeasedRequest> candidates = levels.inOrder();
        boolean moved = false;
        for (LeasedRequest request : candidates) {
            moved |= handleLate(request, now, late);
        }
        return moved ? levels.inOrder() : candidates;
    }

    /** How long a batch waits for more members; only for those that are known to be there already. */
    private long waitFor(BatchPlan plan, long now) {
        if (open.get() <= waiting.get()) {
            return 0;
        }
        LeasedRequest head = plan.members().get(0);
        long delay = TimeUnit.MICROSECONDS.toNanos(head.scheduling().maxQueueDelayMicros());
        long waited = 0;
        for (LeasedRequest member : plan.members()) {
            waited = Math.max(waited, now - member.asked());
        }
        return delay - waited;
    }

    private void wakeAfter(long wait, long now) {
        long at = now + wait;
        if (wake != null) {
            if (wakeAt - at <= 0) {
                return;
            }
            wake.run();
        }
        wakeAt = at;
        wake = threads.after(wait, () -> {
            synchronized (this) {
                wake = null;
            }
            dispatch();
        });
    }

    ModelStatistics statistics() {
        return counters.statistics(model, waiting.get(), running.get());
    }
}
