package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Explanation;
import io.opgraft.models.Lease;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringListener;
import io.opgraft.models.internal.history.History;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.repository.Repository;
import io.opgraft.models.internal.warmup.Warmup;
import io.opgraft.ops.OpIndexListener;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models as other bundles see them: look-ups read published views, changes are handed to the deployer. */
public final class ModelsImpl implements Models, OpIndexListener {
    private static final Logger LOG = LoggerFactory.getLogger(ModelsImpl.class);

    /** Entries of a model's history. */
    private static final int HISTORY_LIMIT = 50;

    /** How many wirings of each model version keep their libraries on the disk. */
    private static final int KEPT_WIRINGS = 3;

    /** How often, and how long each time, a load by request waits for libraries on trial. */
    private static final int MAX_TRIALS = 3;

    private static final long TRIAL_MILLIS = 120_000;

    private final Settings settings;
    private final Repository repository;
    private final Worker deployerThread;
    private final Worker closer;
    private final Views views = new Views();
    private final Deployer deployer;
    private final OperatorChanges changes;
    private final OpServices ops;
    private final History history;
    private final Chronicle chronicle;
    private final Holds holds;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Map<String, Set<String>> changedOps = new HashMap<>();
    private volatile boolean stopping;

    ModelsImpl(
            Settings settings,
            Repository repository,
            OpServices ops,
            LongPredicate bundleActive,
            long graceMillis,
            Worker deployerThread,
            Worker closer) {
        this.settings = settings;
        this.repository = repository;
        this.deployerThread = deployerThread;
        this.closer = closer;
        this.ops = ops;
        this.history = new History(settings.stateDirectory().resolve("history"), HISTORY_LIMIT, closer);
        this.holds = new Holds(settings.stateDirectory().resolve("held"));
        this.chronicle = new Chronicle(history, Clock.systemUTC());
        Backends backends = new Backends();
        RetainedLibraries retained = new RetainedLibraries(backends, views, settings.limits());
        VersionBuilder builder = new VersionBuilder(
                backends, ops, holds, retained, new Warmup(settings.limits().warmupMillis()), views, closer);
        VersionUpdater updater =
                new VersionUpdater(builder, holds, chronicle, deployerThread, bundleActive, graceMillis);
        this.deployer = new Deployer(settings, repository, backends, ops, deployerThread, updater, holds, views);
        this.changes = new OperatorChanges(
                this,
                ops,
                history,
                holds,
                new Rollbacks(deployer, builder, updater, chronicle, holds),
                new Impacts(deployer, builder, ops.index(), holds),
                retained);
    }

    /** What operators do about changes. */
    ModelChanges changes() {
        return changes;
    }

    /** Who is told of wirings that begin to serve; may be changed at any time. */
    List<WiringListener> wiringListeners() {
        return chronicle.listeners();
    }

    /** Begins the first pass. */
    void start() {
        deployerThread.execute(() -> {
            try {
                deployer.startAll().thenRun(this::prune).whenComplete((nothing, error) -> started.complete(null));
            } catch (RuntimeException | Error e) {
                started.complete(null);
                throw e;
            }
        });
    }

    /** Lets go of the copies that nothing can go back to. */
    private void prune() {
        Set<String> keep = new TreeSet<>(history.digests(KEPT_WIRINGS));
        holds.all().forEach(held -> keep.add(held.wire().digest()));
        views.all().values().forEach(view -> view.ready()
                .values()
                .forEach(instance -> instance.wiring().wires().forEach(wire -> keep.add(wire.digest()))));
        ops.store().prune(keep);
    }

    @Override
    public List<ModelStatus> list() {
        SortedMap<String, ModelStatus> found = new TreeMap<>();
        if (settings.mode() == ControlMode.EXPLICIT) {
            repository.scan().models().keySet().forEach(name -> found.put(name, notAskedFor(name)));
        }
        views.all().forEach((name, view) -> found.put(name, view.status()));
        return new ArrayList<>(found.values());
    }

    @Override
    public ModelStatus get(String model) throws UnknownModelException {
        ModelView view = views.get(model);
        if (view != null) {
            return view.status();
        }
        if (settings.mode() == ControlMode.EXPLICIT && repository.find(model) != null) {
            return notAskedFor(model);
        }
        throw new UnknownModelException("Request for unknown model: '" + model + "' is not found");
    }

    private static ModelStatus notAskedFor(String name) {
        return new ModelStatus(name, false, List.of(), Explanation.NONE);
    }

    @Override
    public Lease acquire(String model, OptionalLong version) throws UnknownModelException, ModelNotReadyException {
        if (stopping) {
            throw stoppingNow();
        }
        return views.acquire(model, version);
    }

    @Override
    public void load(String model) throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        load(model, LoadOverride.NONE);
    }

    @Override
    public void load(String model, LoadOverride override)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        for (int trials = 0; ; trials++) {
            Object failure;
            try {
                failure = onDeployer(() -> {
                    try {
                        deployer.load(model, override);
                        return null;
                    } catch (UnknownModelException | ModelNotReadyException | ControlRefusedException e) {
                        return e;
                    }
                });
            } catch (RejectedExecutionException e) {
                throw stoppingNow();
            }
            rethrow(failure);
            if (!(failure instanceof ModelNotReadyException e)) {
                return;
            }
            boolean onTrial =
                    e.explanation().reasons().stream().anyMatch(r -> r.kind() == Explanation.Kind.LIBRARY_CHECKING);
            CompletableFuture<Void> settled = ops.index().settled().toCompletableFuture();
            if (!onTrial || trials == MAX_TRIALS || !await(settled, TRIAL_MILLIS)) {
                throw e;
            }
        }
    }

    @Override
    public void unload(String model) throws UnknownModelException, ControlRefusedException {
        unload(model, false);
    }

    @Override
    public void unload(String model, boolean dependents) throws UnknownModelException, ControlRefusedException {
        Object failure;
        try {
            failure = onDeployer(() -> {
                try {
                    deployer.unload(model, dependents);
                    return null;
                } catch (UnknownModelException | ControlRefusedException e) {
                    return e;
                }
            });
        } catch (RejectedExecutionException e) {
            throw new ControlRefusedException("The server is stopping");
        }
        rethrow(failure);
    }

    private static void rethrow(Object failure) throws UnknownModelException, ControlRefusedException {
        if (failure instanceof UnknownModelException e) {
            throw e;
        }
        if (failure instanceof ControlRefusedException e) {
            throw e;
        }
    }

    /** Runs a change and waits for its end, also when interrupted, or for the end of the server. */
    <T> T onDeployer(Callable<T> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        deployerThread.execute(() -> {
            try {
                result.complete(change.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    CompletableFuture.anyOf(result, stopped).get();
                    if (!result.isDone()) {
                        throw new RejectedExecutionException("stopped");
                    }
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean ready() {
        return !stopping && deployer.isReady();
    }

    @Override
    public CompletionStage<Void> started() {
        return started.minimalCompletionStage();
    }

    @Override
    public void changed(String framework, Set<String> ops) {
        synchronized (changedOps) {
            boolean underWay = !changedOps.isEmpty();
            changedOps.computeIfAbsent(framework, f -> new HashSet<>()).addAll(ops);
            if (underWay || stopping) {
                return;
            }
        }
        deployerThread.execute(() -> {
            Map<String, Set<String>> all;
            synchronized (changedOps) {
                all = new HashMap<>(changedOps);
                changedOps.clear();
            }
            deployer.opsChanged(all);
        });
    }

    void backendAdded(Backend backend) {
        if (!stopping) {
            deployerThread.execute(() -> deployer.backendAdded(backend));
        }
    }

    /** Takes a backend's models out of service and waits, at most so long, until none of them is in use. */
    void backendRemoved(Backend backend, long waitMillis) {
        if (stopping) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        deployerThread.execute(
                () -> deployer.backendRemoved(backend).whenComplete((nothing, error) -> done.complete(null)));
        if (!await(done, waitMillis)) {
            LOG.warn("backend {} goes away while requests still run on its models", backend.name());
        }
    }

    /** Takes everything out of service and waits, at most so long, for the requests under way; once. */
    void stop(long waitMillis) {
        synchronized (changedOps) {
            if (stopping) {
                return;
            }
            stopping = true;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        deployerThread.execute(() -> deployer.stopAll().whenComplete((nothing, error) -> done.complete(null)));
        if (!await(done, waitMillis)) {
            LOG.warn("requests still run after {} ms; their models are not freed", waitMillis);
        }
        deployerThread.stop();
        closer.stop();
        stopped.complete(null);
        started.complete(null);
    }

    private static boolean await(CompletableFuture<Void> done, long waitMillis) {
        try {
            done.get(waitMillis, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static ModelNotReadyException stoppingNow() {
        return new ModelNotReadyException("The server is stopping", Explanation.NONE);
    }
}
