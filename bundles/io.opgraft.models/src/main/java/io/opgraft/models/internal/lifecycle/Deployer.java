package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.repository.Located;
import io.opgraft.models.internal.repository.Repository;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which models are wanted and reacts to all that can change their state. Every method is a task of the one worker,
 * so changes never overlap.
 */
final class Deployer {
    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

    private final Settings settings;
    private final Repository repository;
    private final Backends backends;
    private final Worker worker;
    private final VersionUpdater updater;
    private final Views views;
    private final ModelLoader loader;
    private final AskedForStore store;
    private final Control control;
    private final Holds holds;
    private final OpServices ops;
    private final OpUsers users = new OpUsers();
    private final Map<String, ModelEntry> models = new TreeMap<>();
    private final Deque<String> changedSteps = new ArrayDeque<>();
    private final SortedSet<String> atStart = new TreeSet<>();
    private final Aftermath aftermath;

    /** Set once {@link #startAll} has ended; read by any thread. */
    private volatile boolean started;

    /** Whether each model asked for at start is ready, also if there is none; read by any thread. */
    private volatile boolean ready = true;

    private List<String> unreadable = List.of();
    private boolean stopped;

    Deployer(
            Settings settings,
            Repository repository,
            Backends backends,
            OpServices ops,
            Worker worker,
            VersionUpdater updater,
            Holds holds,
            Views views) {
        this.settings = settings;
        this.repository = repository;
        this.backends = backends;
        this.worker = worker;
        this.updater = updater;
        this.views = views;
        this.holds = holds;
        this.ops = ops;
        this.loader = new ModelLoader(updater, users, ops.privateOps(), this::publish);
        this.aftermath = new Aftermath(ops, worker, models, (m, v) -> loader.update(m, v, Cause.OPS));
        this.store = new AskedForStore(settings.stateDirectory());
        this.control = new Control(settings, this, repository, updater, store, worker);
    }

    /** The models by name; for other tasks of the worker. */
    Map<String, ModelEntry> models() {
        return models;
    }

    /** The versions that need one of some ops; for other tasks of the worker. */
    Map<VersionEntry, ModelEntry> using(Map<String, Set<String>> opsByFramework) {
        return users.of(opsByFramework);
    }

    /** Builds and switches versions; for other tasks of the worker. */
    ModelLoader loader() {
        return loader;
    }

    boolean isReady() {
        return started && ready;
    }

    /**
     * The first pass.
     *
     * @return completes when each model was tried; never fails
     */
    CompletionStage<Void> startAll() {
        Map<String, Located> found = scan().models();
        atStart.addAll(settings.mode() == ControlMode.EXPLICIT ? store.read() : found.keySet());
        if (settings.mode() == ControlMode.EXPLICIT) {
            for (String name : settings.load()) {
                atStart.addAll(name.equals("*") ? found.keySet() : Set.of(name));
            }
        }
        // All are shown before the first is built, which may take long.
        List<ModelEntry> toBuild = new ArrayList<>();
        Deque<String> names = new ArrayDeque<>(List.copyOf(atStart));
        while (!names.isEmpty()) {
            ModelEntry m = entry(names.remove());
            m.askedFor = true;
            if (loader.prepare(m, Observation.of(repository, found.get(m.name)))) {
                toBuild.add(m);
            }
            for (String step : m.steps) {
                if (atStart.add(step)) {
                    names.add(step);
                }
            }
        }
        // Ensembles come after the models of their steps.
        toBuild.sort(Comparator.comparingInt(m -> depth(m, 0)));
        aftermath.open();
        CompletableFuture<Void> done = new CompletableFuture<>();
        // What the models brought along is on trial first.
        ops.index().settled().thenRun(() -> {
            try {
                worker.execute(() -> buildAll(toBuild, done));
            } catch (RejectedExecutionException e) {
                done.complete(null);
            }
        });
        return done;
    }

    private void buildAll(List<ModelEntry> toBuild, CompletableFuture<Void> done) {
        try {
            for (ModelEntry m : toBuild) {
                if (m.askedFor && !stopped) {
                    loader.build(m, Cause.STARTED);
                }
            }
            started = true;
            if (settings.mode() == ControlMode.POLL) {
                worker.schedule(settings.pollMillis(), this::poll);
            }
        } finally {
            done.complete(null);
        }
    }

    private Repository.Scan scan() {
        Repository.Scan scan = repository.scan();
        scan.unreadable().stream().filter(p -> !unreadable.contains(p)).forEach(LOG::warn);
        unreadable = scan.unreadable();
        return scan;
    }

    private int depth(ModelEntry m, int above) {
        // A circle is told when it is built.
        if (m == null || above > models.size()) {
            return 0;
        }
        return m.steps.stream()
                .mapToInt(step -> 1 + depth(models.get(step), above + 1))
                .max()
                .orElse(0);
    }

    /** What is known of a model; begins to know it. */
    ModelEntry entry(String name) {
        return models.computeIfAbsent(name, ModelEntry::new);
    }

    /** Shows the state of a model to other threads, and tells the ensembles that need it when it comes, changes or goes. */
    void publish(ModelEntry m) {
        views.publish(m.name, m.view(holds));
        aftermath.come();
        Map<Long, Instance> serving = m.serving();
        if (started && !stopped && !serving.equals(m.published)) {
            changedSteps.add(m.name);
            worker.execute(this::tellEnsembles);
        }
        m.published = serving;
        ready = atStart.stream().allMatch(name -> entry(name).isReady());
    }

    /** The ensembles that changed models are steps of become ready or unavailable with them, and ensembles of these. */
    private void tellEnsembles() {
        while (!changedSteps.isEmpty()) {
            stepChanged(changedSteps.removeFirst());
        }
    }

    private void stepChanged(String name) {
        for (ModelEntry m : List.copyOf(models.values())) {
            if (m.askedFor && m.steps.contains(name)) {
                m.snapshot().stream()
                        .filter(v -> m.selected.contains(v.version))
                        .forEach(v -> loader.update(m, v, Cause.STARTED));
            }
        }
    }

    /** Looks for changes of the repositories. A change counts when two looks in a row see the same. */
    void poll() {
        if (stopped) {
            return;
        }
        try {
            Repository.Scan scan = scan();
            Set<String> names = new TreeSet<>(models.keySet());
            if (!scan.unreadable().isEmpty()) {
                // What is not seen now may be in the root that cannot be read.
                names.clear();
            }
            names.addAll(scan.models().keySet());
            for (String name : names) {
                look(entry(name), Observation.of(repository, scan.models().get(name)));
            }
        } finally {
            worker.schedule(settings.pollMillis(), this::poll);
        }
    }

    private void look(ModelEntry m, Observation now) {
        boolean stable = now.equals(m.seen);
        m.seen = now;
        if (now.equals(m.taken) || !stable) {
            return;
        }
        if (now.isAbsent()) {
            tellGone(m);
            remove(m);
        } else {
            m.askedFor = true;
            loader.apply(m, now, Cause.FILES);
        }
    }

    @SuppressWarnings("try") // open for the log's sake
    private static void tellGone(ModelEntry m) {
        try (LogModel named = new LogModel(m.name)) {
            LOG.info("model {} was removed from its repository", m.name);
        }
    }

    /** Forgets a model that no repository holds. */
    void remove(ModelEntry m) {
        m.askedFor = false;
        atStart.remove(m.name);
        m.selected.clear();
        for (VersionEntry v : m.snapshot()) {
            users.remove(v);
            updater.retire(v, () -> publish(m), State.UNLOADED);
        }
        models.remove(m.name);
        ops.privateOps().forget(m.name);
        aftermath.come();
        views.remove(m.name);
        ready = atStart.stream().allMatch(name -> entry(name).isReady());
    }

    /** Loads a model by request. */
    @SuppressWarnings("try") // open for the log's sake
    void load(String name, LoadOverride override)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        if (stopped) {
            throw new ModelNotReadyException("The server is stopping", Explanation.NONE);
        }
        try (LogModel named = new LogModel(name)) {
            control.load(name, override);
        } finally {
            // Whoever asked finds the ensembles as they are now.
            tellEnsembles();
        }
    }

    /** Unloads a model by request. */
    @SuppressWarnings("try") // open for the log's sake
    void unload(String name, boolean dependents) throws UnknownModelException, ControlRefusedException {
        try (LogModel named = new LogModel(name)) {
            control.unload(name, dependents);
        } finally {
            tellEnsembles();
        }
    }

    /** The model is no longer one of those that readiness waits for. */
    void notAtStart(String name) {
        atStart.remove(name);
    }

    /** The model's own op bundles are no longer needed. */
    void forgetOps(String name) {
        ops.privateOps().forget(name);
    }

    /** Op libraries came, went or changed state. */
    void opsChanged(Map<String, Set<String>> opsByFramework) {
        users.of(opsByFramework).forEach((v, m) -> {
            if (m.askedFor && m.versions.get(v.version) == v) {
                loader.update(m, v, Cause.OPS);
            }
        });
    }

    /** A backend can be used from now on. */
    void backendAdded(Backend backend) {
        backends.add(backend);
        for (ModelEntry m : List.copyOf(models.values())) {
            for (VersionEntry v : m.snapshot()) {
                boolean waits = v.current == null
                        && v.explanation.reasons().stream().anyMatch(r -> r.kind() == Kind.BACKEND_UNAVAILABLE);
                if (m.askedFor && waits) {
                    loader.update(m, v, Cause.STARTED);
                }
            }
        }
    }

    /**
     * A backend goes away, and all that it loaded with it.
     *
     * @return completes when nothing of it is in use any more
     */
    CompletionStage<Void> backendRemoved(Backend backend) {
        backends.remove(backend);
        List<CompletableFuture<Void>> drained = new ArrayList<>();
        Map<VersionEntry, ModelEntry> affected = new HashMap<>();
        for (ModelEntry m : models.values()) {
            for (VersionEntry v : m.snapshot()) {
                if (v.inspectedBy == backend) {
                    v.forget();
                }
                if (v.current != null && v.current.backend() == backend) {
                    drained.add(
                            updater.retire(v, () -> publish(m), State.LOADING).toCompletableFuture());
                    affected.put(v, m);
                }
            }
        }
        affected.forEach((v, m) -> loader.update(m, v, Cause.STARTED));
        return CompletableFuture.allOf(drained.toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Takes everything out of service.
     *
     * @return completes when every instance is freed
     */
    CompletionStage<Void> stopAll() {
        stopped = true;
        aftermath.close();
        List<CompletableFuture<Void>> drained = new ArrayList<>();
        for (ModelEntry m : models.values()) {
            for (VersionEntry v : m.snapshot()) {
                drained.add(updater.retire(v, () -> publish(m), State.UNLOADING).toCompletableFuture());
            }
        }
        models.clear();
        return CompletableFuture.allOf(drained.toArray(CompletableFuture<?>[]::new));
    }
}
