package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpScope;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.internal.config.ConfigCompleter;
import io.opgraft.models.internal.config.ConfigException;
import io.opgraft.models.internal.config.EffectiveConfig;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.history.Holds.HeldOp;
import io.opgraft.models.internal.privateops.PrivateOps;
import io.opgraft.models.internal.resolve.Opener;
import io.opgraft.models.internal.resolve.Request;
import io.opgraft.models.internal.resolve.Resolution;
import io.opgraft.models.internal.resolve.Resolver;
import io.opgraft.models.internal.warmup.Warmup;
import io.opgraft.models.internal.warmup.WarmupException;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpStore;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The way from a version folder to an instance: choose the backend, inspect, complete, resolve, load. */
final class VersionBuilder {
    /** How often a framework may come back with further ops that it lacks. */
    private static final int MAX_ROUNDS = 64;

    private final Backends backends;
    private final OpIndex index;
    private final OpStore store;
    private final PrivateOps privateOps;
    private final Holds holds;
    private final HeldLibraries libraries;
    private final RetainedLibraries retained;
    private final Warmup warmup;
    private final Views views;
    private final Executor closer;

    VersionBuilder(
            Backends backends,
            OpServices ops,
            Holds holds,
            RetainedLibraries retained,
            Warmup warmup,
            Views views,
            Executor closer) {
        this.backends = backends;
        this.index = ops.index();
        this.store = ops.store();
        this.privateOps = ops.privateOps();
        this.holds = holds;
        this.libraries = new HeldLibraries(ops);
        this.retained = retained;
        this.warmup = warmup;
        this.views = views;
        this.closer = closer;
    }

    /**
     * What came of it. One of three: a new instance; no instance and no explanation, because what serves is what would
     * be built; or an explanation.
     */
    record Outcome(Instance instance, Explanation explanation) {
        static final Outcome UNCHANGED = new Outcome(null, Explanation.NONE);

        static Outcome failed(Reason reason) {
            return new Outcome(null, new Explanation(List.of(reason)));
        }

        static Outcome notLoaded(VersionEntry v, String message, String remedy) {
            return failed(new Reason(Kind.LOAD_FAILED, "", v.model + "/" + v.version, message, remedy));
        }
    }

    /** Builds the wanted instance unless it serves already. */
    Outcome build(VersionEntry v) {
        return build(v, wires(holds.of(v.model, v.version)));
    }

    static List<Wire> wires(List<HeldOp> held) {
        return held.stream().map(HeldOp::wire).toList();
    }

    /** Builds the wanted instance with some ops fixed, unless it serves already. */
    Outcome build(VersionEntry v, List<Wire> held) {
        if (!Files.isDirectory(v.directory)) {
            return Outcome.notLoaded(
                    v,
                    "Version folder " + v.version + " of model " + v.model + " does not exist.",
                    "Make it, or take the version out of version_policy in config.pbtxt.");
        }
        try {
            Backends.Choice choice = backends.choose(
                    v.model, v.config.proto().getBackend(), v.config.proto().getPlatform(), v.directory);
            return choice.reason() != null ? Outcome.failed(choice.reason()) : build(v, choice.backend(), held);
        } catch (ModelLoadException e) {
            return Outcome.notLoaded(
                    v,
                    sentence("Model " + v.model + " version " + v.version + " cannot be loaded: " + e.getMessage()),
                    "Put that right, then load the model again.");
        } catch (WarmupException e) {
            return Outcome.failed(new Reason(
                    Kind.WARMUP_FAILED,
                    "",
                    e.file(),
                    "Model " + v.model + " version " + v.version + " does not pass its warm-up. " + e.getMessage(),
                    "Correct the file if it is wrong, else the op library or the model."));
        } catch (ConfigException e) {
            return Outcome.failed(e.reason());
        } catch (RuntimeException | LinkageError e) {
            return Outcome.notLoaded(
                    v,
                    sentence("Model " + v.model + " version " + v.version
                            + " cannot be loaded: its backend failed with " + e),
                    "Check its files and op libraries; if they are right, report it to the makers of the backend.");
        }
    }

    /** Why a library may not be loaded, as part of a sentence; null if it may. */
    private String refusal(Backend backend, OpProvider provider) {
        String limit = retained.refusal(backend, provider);
        if (limit != null || backend.hasLoaded(provider.digest()) || !store.isDamaged(provider)) {
            return limit;
        }
        return "its stored copy is damaged; make it again with: stop " + provider.bundleId() + "; start "
                + provider.bundleId();
    }

    private Outcome build(VersionEntry v, Backend backend, List<Wire> held)
            throws ModelLoadException, ConfigException, WarmupException {
        if (v.inspectedBy != backend) {
            v.forget();
            v.source = v.config.source(v.model, v.version, v.directory);
            v.description = backend.inspect(v.source);
            v.require(v.description.requirements());
            v.inspectedBy = backend;
        }
        EffectiveConfig effective = complete(v, backend);
        Explanation lacks = EnsembleCheck.check(effective.source(), views);
        if (!lacks.isEmpty()) {
            return new Outcome(null, lacks);
        }
        Opener opener = new Opener(backend, provider -> refusal(backend, provider));
        for (int rounds = 0; ; ) {
            Map<String, OpProvider> fixed = new HashMap<>();
            for (Wire wire : held) {
                OpProvider provider = libraries.find(wire, v.current);
                if (v.requirements.containsKey(wire.op()) && provider == null) {
                    return Outcome.failed(gone(v, wire));
                }
                if (v.requirements.containsKey(wire.op())) {
                    fixed.put(wire.op(), provider);
                }
            }
            Resolution resolution =
                    Resolver.resolve(request(v, backend).withHeld(fixed).withOpener(opener));
            if (!resolution.isComplete()) {
                return new Outcome(null, resolution.explanation());
            }
            v.resolved = resolution.wiring();
            boolean serves = v.current != null
                    && !v.outdated
                    && v.current.backend() == backend
                    && v.current.wiring().equals(resolution.wiring());
            if (serves) {
                return Outcome.UNCHANGED;
            }
            Map<String, OpScope> scopes = opener.open(resolution.wiring());
            if (scopes == null) {
                // Ends, because no library is tried twice.
                continue;
            }
            try {
                LoadedModel loaded = backend.load(effective.source(), scopes);
                warmup.check(
                        loaded,
                        effective.metadata(),
                        v.directory,
                        v.config.proto().getModelWarmupList());
                return new Outcome(
                        new Instance(
                                effective.metadata(),
                                resolution.wiring(),
                                effective.source(),
                                loaded,
                                backend,
                                executors(effective.source()),
                                closer),
                        Explanation.NONE);
            } catch (ModelLoadException e) {
                if (!hasLearned(v, backend, e) || ++rounds == MAX_ROUNDS) {
                    throw e;
                }
                effective = complete(v, backend);
            }
        }
    }

    private static EffectiveConfig complete(VersionEntry v, Backend backend) throws ConfigException {
        return ConfigCompleter.complete(
                v.source, v.config, backend.name(), backend.instanceGroups(v.source), v.description);
    }

    private static int executors(ModelSource source) {
        return source.instanceGroups().stream()
                .mapToInt(g -> g.count() * Math.max(1, g.gpus().size()))
                .sum();
    }

    /** Takes over what a framework only found out while it loaded a model. Whether there is something new in it. */
    private static boolean hasLearned(VersionEntry v, Backend backend, ModelLoadException e) throws ModelLoadException {
        if (e.missing().isEmpty()) {
            return false;
        }
        int before = v.requirements.size();
        v.require(e.missing());
        ModelDescription now = backend.inspect(v.source);
        boolean other = !now.signature().equals(v.description.signature());
        v.description = now;
        return other || before != v.requirements.size();
    }

    /** What the resolver is asked about an inspected version; nothing is held and nothing may be opened. */
    Request request(VersionEntry v, Backend backend) {
        return Request.of(v.model, v.version, backend, index, v.requirements.values())
                .withPins(v.config.pins())
                .withOwn(privateOps.own(v.model));
    }

    /** Whether what serves is an ensemble that lacks a model of its steps, or no longer fits to one. */
    boolean lacksSteps(VersionEntry v) {
        return v.current != null && EnsembleCheck.isBroken(v.current.source(), views);
    }

    /** Where the libraries of former wirings are found. */
    HeldLibraries libraries() {
        return libraries;
    }

    private static Reason gone(VersionEntry v, Wire wire) {
        return new Reason(
                Kind.HELD,
                wire.op(),
                wire.bundle() + "/" + wire.version(),
                "Model " + v.model + " is held to " + wire.bundle() + "/" + wire.version() + " for op " + wire.op()
                        + ", but that library is gone or damaged.",
                "Install that version again, or release the model with opgraft:release " + v.model + ".");
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
