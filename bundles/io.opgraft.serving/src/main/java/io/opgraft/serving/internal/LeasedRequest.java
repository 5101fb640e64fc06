package io.opgraft.serving.internal;

import io.opgraft.backend.AsyncModel;
import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Scheduling;
import io.opgraft.models.Wiring;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.RunHandler;
import io.opgraft.serving.RunPhases;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A request on one lease. Its queue decides when it begins; whoever ends it tells its handler. */
final class LeasedRequest implements InferenceRequest {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedRequest.class);

    private enum State {
        /** Takes inputs. */
        OPEN,
        /** Run was asked for. */
        ASKED,
        /** The model works on it. */
        RUNNING,
        /** The handler was told, or is being told. */
        TOLD,
        /** Closed while the model works on it: whoever ends the run frees everything. */
        ABANDONED,
        /** Freed. */
        CLOSED
    }

    private final Lease lease;
    private final ModelMetadata metadata;
    private final VersionQueue queue;
    private final RequestInputs inputs;
    private final ResponseCache cache;
    private ResponseCache.Key cacheKey;
    private final long opened;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private volatile boolean cancelled;

    /** What ends the run of a model that asks others; null for all other models. */
    private volatile AsyncModel.Run underWay;

    private String id = "";
    private long priority;
    private long timeoutMicros;
    private RunPhases phases = RunPhases.NONE;
    private Waiting waiting;
    private Runnable timer;
    private List<String> wanted = List.of();
    private RunHandler handler;
    private boolean callerWaits;
    private Ordering.Ticket ticket;
    private long asked;
    private Outputs outputs;
    private long ended;
    private Counters.Batches batches;
    private boolean answered;

    /**
     * Opens a request.
     *
     * @param lease closed with the request
     * @param cache null if there is none
     */
    LeasedRequest(Lease lease, VersionQueue queue, BytesInFlight account, ResponseCache cache) {
        this.lease = lease;
        this.metadata = lease.metadata();
        this.queue = queue;
        this.inputs = new RequestInputs(lease, account);
        this.cache = metadata.options().responseCache() ? cache : null;
        this.opened = queue.threads().nanos();
        queue.opened(metadata);
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public Wiring wiring() {
        return lease.wiring();
    }

    @Override
    public Tensor input(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException {
        checkOpen();
        return inputs.add(name, datatype, shape, byteCount);
    }

    @Override
    public void input(String name, Tensor tensor) throws InferenceException {
        checkOpen();
        inputs.share(name, tensor);
    }

    private void checkOpen() {
        if (state.get() != State.OPEN) {
            throw new IllegalStateException("the request is closed or has run");
        }
    }

    @Override
    public void schedule(long ownPriority, long ownTimeoutMicros) throws InferenceException {
        checkOpen();
        waiting = Waiting.of(metadata, ownPriority, ownTimeoutMicros);
        priority = ownPriority;
        timeoutMicros = ownTimeoutMicros;
    }

    @Override
    public void id(String name) {
        id = name;
    }

    /** Says in the log which request it is. */
    LoggingEventBuilder about(LoggingEventBuilder event) {
        LoggingEventBuilder named = event.addKeyValue("model", metadata.name());
        return id.isEmpty() ? named : named.addKeyValue("request_id", id);
    }

    /** What models that ask others pass on. */
    AsyncModel.Terms terms() {
        return new AsyncModel.Terms(priority, timeoutMicros, id);
    }

    @Override
    public Outputs run(List<String> names) throws InferenceException {
        callerWaits = true;
        Waiter waiter = new Waiter();
        run(names, waiter);
        return waiter.await();
    }

    @Override
    public void run(List<String> names, RunHandler to) {
        if (!state.compareAndSet(State.OPEN, State.ASKED)) {
            throw new IllegalStateException("the request is closed or has run");
        }
        handler = to;
        asked = queue.threads().nanos();
        if (scheduling().preserveOrdering()) {
            ticket = queue.ordering().ticket();
        }
        try {
            inputs.checkComplete();
            wanted = InputCheck.outputs(metadata, names);
            if (waiting == null) {
                waiting = Waiting.of(metadata, 0, 0);
            }
        } catch (InferenceException e) {
            failed(e, FailureReason.OTHER);
            return;
        }
        if (cache == null || !answeredFromCache()) {
            queue.submit(this);
        }
    }

    private boolean answeredFromCache() {
        cacheKey = cache.key(model(), tensors(), wanted);
        Outputs found = cache.find(cacheKey);
        ended = queue.threads().nanos();
        cache.lookedUp(ended - asked);
        if (found == null) {
            queue.counters().missed(ended - asked);
            return false;
        }
        begin();
        outputs = Reshapes.outputs(metadata, wanted, found);
        answered = true;
        queue.counters().hit(ended - asked, ended - opened);
        queue.counters().computedBy(lease.wiring());
        tell(() -> handler.completed(outputs), () -> handler.failed(cancellation()));
        return true;
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (state.get() == State.ASKED) {
            queue.cancel(this);
        }
        endRun();
    }

    private void endRun() {
        AsyncModel.Run run = underWay;
        if (run != null) {
            run.cancel();
        }
    }

    /** A model that asks others began to work on it, and may have ended already. */
    void started(AsyncModel.Run run) {
        underWay = run;
        if (cancelled) {
            run.cancel();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    CancelledException cancellation() {
        return new CancelledException(metadata.name());
    }

    LoadedModel model() {
        return lease.model();
    }

    boolean isAsync() {
        return lease.model() instanceof AsyncModel;
    }

    /** Runs that its instance takes at once; 0 if nothing says it. */
    int places() {
        return lease.places();
    }

    Scheduling scheduling() {
        return metadata.options().scheduling();
    }

    /** Whether it may run together with others. */
    boolean batches() {
        return scheduling().batching() && metadata.maxBatchSize() > 1 && !isAsync();
    }

    boolean canJoin(LeasedRequest other) {
        return other == this || (lease.model() == other.lease.model() && inputs.canJoin(other.inputs));
    }

    boolean callerWaits() {
        return callerWaits;
    }

    Waiting waiting() {
        return waiting;
    }

    Map<String, Tensor> tensors() {
        return inputs.tensors();
    }

    int batch() {
        return inputs.batch();
    }

    long bytes() {
        return inputs.bytes();
    }

    /** The outputs to return, in order. */
    List<String> wanted() {
        return wanted;
    }

    /** When the run was asked for. */
    long asked() {
        return asked;
    }

    /** Whether it waited as long as it may. */
    boolean isLate(long now) {
        return waiting.timeoutNanos() > 0 && now - asked >= waiting.timeoutNanos();
    }

    /** Sets what cancels the timer of the deadline; under the queue's lock. */
    void timer(Runnable cancel) {
        timer = cancel;
    }

    /** Under the queue's lock. */
    void stopTimer() {
        if (timer != null) {
            timer.run();
            timer = null;
        }
    }

    /** It has a place. */
    void begin() {
        state.compareAndSet(State.ASKED, State.RUNNING);
    }

    /** The run it took part in succeeded. */
    void succeeded(Outputs result, Execution.Times times, Counters.Batches counted) {
        outputs = Reshapes.outputs(metadata, wanted, result);
        ended = times.end();
        if (cacheKey != null) {
            store(result);
        }
        batches = counted;
        answered = true;
        phases = new RunPhases(asked - opened + times.input(), times.infer());
        queue.counters()
                .succeeded(
                        batch(), times.begin() - asked, phases.inputNanos(), phases.inferNanos(), times.end() - opened);
        queue.counters().computedBy(lease.wiring());
        tell(() -> handler.completed(outputs), () -> handler.failed(cancellation()));
    }

    private void store(Outputs result) {
        try {
            cache.store(cacheKey, result);
        } catch (RuntimeException | OutOfMemoryError e) {
            about(LOG.atWarn()).log("an answer of model {} is not cached: {}", metadata.name(), e.toString());
        }
        long nanos = queue.threads().nanos() - ended;
        cache.stored(nanos);
        queue.counters().stored(nanos);
    }

    /** It gets no answer. */
    void failed(InferenceException cause, FailureReason reason) {
        queue.counters().failed(reason, queue.threads().nanos() - opened);
        tell(() -> handler.failed(cause), () -> handler.failed(cause));
    }

    /** Tells the handler one thing, or another if the request was closed meanwhile. */
    private void tell(Runnable news, Runnable ifAbandoned) {
        queue.settled();
        Runnable delivery = () -> {
            State before = state.getAndUpdate(s -> s == State.ABANDONED ? State.CLOSED : State.TOLD);
            if (before == State.ABANDONED) {
                free();
            }
            try {
                (before == State.ABANDONED ? ifAbandoned : news).run();
            } catch (RuntimeException | Error e) {
                // Others of the same batch must still be told.
                about(LOG.atError().setCause(e)).log("the answer of model {} could not be given", metadata.name());
            }
        };
        if (ticket == null) {
            delivery.run();
        } else {
            queue.ordering().deliver(ticket, delivery);
        }
    }

    @Override
    public void close() {
        while (true) {
            switch (state.get()) {
                case OPEN -> {
                    if (state.compareAndSet(State.OPEN, State.CLOSED)) {
                        queue.counters()
                                .failed(FailureReason.OTHER, queue.threads().nanos() - opened);
                        queue.settled();
                        free();
                        return;
                    }
                }
                case ASKED -> cancel();
                case RUNNING -> {
                    if (state.compareAndSet(State.RUNNING, State.ABANDONED)) {
                        cancelled = true;
                        endRun();
                        return;
                    }
                }
                case TOLD -> {
                    if (state.compareAndSet(State.TOLD, State.CLOSED)) {
                        free();
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    @Override
    public RunPhases phases() {
        return phases;
    }

    @Override
    public void taken() {
        if (answered) {
            answered = false;
            queue.counters().answered(batches, queue.threads().nanos() - ended);
        }
    }

    private void free() {
        taken();
        try {
            if (outputs != null) {
                outputs.close();
            }
        } finally {
            try {
                inputs.close();
            } finally {
                lease.close();
            }
        }
    }
}
