package io.opgraft.http.internal;

import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Explanation;
import io.opgraft.models.Lease;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.Serving;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Models and requests without a backend. */
final class FakeModels implements Models, Serving {
    static final Explanation MISSING = new Explanation(List.of(new Explanation.Reason(
            Explanation.Kind.OP_MISSING, "Foo", "", "No bundle offers op 'Foo'.", "Deploy one that does.")));

    final Map<String, FakeModel> ready = new ConcurrentSkipListMap<>();
    final Map<String, ModelStatus> others = new ConcurrentSkipListMap<>();
    volatile CompletableFuture<Void> started = CompletableFuture.completedFuture(null);
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger allocated = new AtomicInteger();
    volatile boolean allReady = true;

    /** Set to let requests wait here until a test runs them; then they leave it. */
    volatile Queue<Runnable> waiting;

    /** Priority and timeout of the last request that gave any. */
    volatile String scheduled;

    volatile boolean refuseControl;

    /** Set to let loads take until it opens. */
    volatile CountDownLatch loading;

    final Map<String, LoadOverride> overrides = new ConcurrentSkipListMap<>();
    final Set<String> withDependents = ConcurrentHashMap.newKeySet();

    void add(FakeModel model) {
        ready.put(model.metadata().name(), model);
    }

    void addWaiting(String name) {
        others.put(
                name,
                new ModelStatus(
                        name,
                        true,
                        List.of(new VersionStatus(1, State.WAITING, null, null, List.of("Foo"), MISSING)),
                        Explanation.NONE));
    }

    void addUnloaded(String name) {
        Explanation unloaded = new Explanation(List.of(new Explanation.Reason(
                Explanation.Kind.NOT_ASKED_FOR,
                "",
                "",
                "Model " + name + " was unloaded.",
                "Load it to have it served again.")));
        others.put(
                name,
                new ModelStatus(
                        name,
                        false,
                        List.of(new VersionStatus(1, State.UNLOADED, null, null, List.of(), Explanation.NONE)),
                        unloaded));
    }

    @Override
    public List<ModelStatus> list() {
        Map<String, ModelStatus> all = new ConcurrentSkipListMap<>(others);
        ready.values().forEach(m -> all.put(m.metadata().name(), status(m)));
        return List.copyOf(all.values());
    }

    private static ModelStatus status(FakeModel model) {
        VersionStatus version = new VersionStatus(
                model.metadata().version(), State.READY, model.metadata(), model.wiring(), List.of(), Explanation.NONE);
        return new ModelStatus(model.metadata().name(), true, List.of(version), Explanation.NONE);
    }

    @Override
    public ModelStatus get(String model) throws UnknownModelException {
        return list().stream()
                .filter(m -> m.name().equals(model))
                .findFirst()
                .orElseThrow(() -> new UnknownModelException("unknown"));
    }

    @Override
    public Lease acquire(String model, OptionalLong version) {
        throw new UnsupportedOperationException("HTTP goes through Serving");
    }

    @Override
    public void load(String model) throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        control();
        ModelStatus status = get(model);
        if (!status.ready()) {
            throw new ModelNotReadyException("no version is ready: " + MISSING, MISSING);
        }
    }

    @Override
    public void load(String model, LoadOverride override)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        CountDownLatch slow = loading;
        if (slow != null) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        load(model);
        overrides.put(model, override);
    }

    @Override
    public void unload(String model, boolean dependents) throws UnknownModelException, ControlRefusedException {
        unload(model);
        if (dependents) {
            withDependents.add(model);
        }
    }

    @Override
    public void unload(String model) throws UnknownModelException, ControlRefusedException {
        control();
        get(model);
        ready.remove(model);
    }

    private void control() throws ControlRefusedException {
        if (refuseControl) {
            throw new ControlRefusedException("explicit model load / unload is not allowed if polling is enabled");
        }
    }

    @Override
    public boolean ready() {
        return allReady;
    }

    @Override
    public CompletableFuture<Void> started() {
        return started;
    }

    @Override
    public List<ModelStatistics> statistics() {
        return List.of(new ModelStatistics("simple", 1, 1700000000000L, 3, 2, 12, 3, 600, 50, 100, 300, 200));
    }

    @Override
    public InferenceRequest open(String name, OptionalLong version)
            throws UnknownModelException, ModelNotReadyException {
        FakeModel model = ready.get(name);
        if (model == null) {
            get(name);
            throw new ModelNotReadyException("model '" + name + "' is not ready: " + MISSING, MISSING);
        }
        if (version.isPresent() && version.getAsLong() != model.metadata().version()) {
            throw new UnknownModelException("unknown version");
        }
        open.incrementAndGet();
        return new FakeRequest(this, model);
    }
}
