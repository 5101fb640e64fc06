package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.repository.Located;
import io.opgraft.models.internal.repository.ModelNames;
import io.opgraft.models.internal.repository.OverrideFiles;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads and unloads models by request. Every method is a task of the deployer's worker. */
final class Control {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    private final Settings settings;
    private final Deployer deployer;
    private final Repository repository;
    private final VersionUpdater updater;
    private final AskedForStore store;
    private final OverrideFiles overrides;
    private final Worker worker;

    Control(
            Settings settings,
            Deployer deployer,
            Repository repository,
            VersionUpdater updater,
            AskedForStore store,
            Worker worker) {
        this.settings = settings;
        this.deployer = deployer;
        this.repository = repository;
        this.updater = updater;
        this.store = store;
        this.worker = worker;
        this.overrides = new OverrideFiles(settings.stateDirectory().resolve("overrides"));
    }

    /** Loads a model, and with an ensemble the models of its steps. */
    void load(String name, LoadOverride override)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        checkAllowed();
        checkFiles(name, override);
        Located located = repository.find(name);
        boolean brought = !override.files().isEmpty() && ModelNames.isModel(name);
        if (located == null && !brought) {
            throw new UnknownModelException(
                    "failed to load '" + name + "', no model repository holds a model of that name");
        }
        if (located != null) {
            // After a restart, what only a request brought is not there.
            store.add(name);
        }
        ModelEntry m = deployer.entry(name);
        Located written = override.files().isEmpty() ? null : write(name, override);
        Observation now = Observation.of(repository, written == null ? located : written);
        boolean unchanged =
                m.askedFor && now.equals(m.taken) && Objects.equals(override.config(), m.override) && m.isHealthy();
        m.askedFor = true;
        if (!unchanged) {
            Located before = m.overrideFiles;
            m.override = override.config();
            m.overrideFiles = written;
            if (deployer.loader().prepare(m, now)) {
                loadSteps(m);
                deployer.loader().build(m, Cause.LOADED);
            }
            forget(before);
        }
        if (!m.isHealthy()) {
            Explanation explanation = m.explanation();
            throw new ModelNotReadyException("failed to load '" + name + "': " + explanation, explanation);
        }
    }

    private void checkFiles(String name, LoadOverride override) throws ControlRefusedException {
        if (override.files().isEmpty()) {
            return;
        }
        String failed = "failed to load '" + name + "', ";
        if (!settings.fileOverrides()) {
            throw new ControlRefusedException(failed + "files given in the request are refused by this server; put them"
                    + " into its model repository, or set allowFileOverrides of io.opgraft.models");
        }
        if (override.config() == null) {
            throw new ControlRefusedException(failed + "files are given in the request, but no parameter 'config'");
        }
        for (String path : override.files().keySet()) {
            if (!OverrideFiles.isInside(path)) {
                throw new ControlRefusedException(
                        failed + "a file of the request would not lie inside of the model's folder");
            }
        }
    }

    private Located write(String name, LoadOverride override) throws ControlRefusedException {
        try {
            return overrides.write(name, override.files());
        } catch (IOException e) {
            throw new ControlRefusedException(
                    "failed to load '" + name + "', its files cannot be written: " + Repository.reason(e));
        }
    }

    private void forget(Located written) {
        if (written == null) {
            return;
        }
        try {
            overrides.forget(written);
        } catch (IOException e) {
            LOG.warn("{} is no longer used but cannot be deleted: {}", written.root(), Repository.reason(e));
        }
    }

    private void loadSteps(ModelEntry m) throws ControlRefusedException {
        for (String step : m.steps) {
            ModelEntry known = deployer.models().get(step);
            if (known == null || !known.askedFor) {
                try {
                    load(step, LoadOverride.NONE);
                } catch (UnknownModelException | ModelNotReadyException e) {
                    LOG.debug("{}, which model {} needs", e.getMessage(), m.name);
                }
            }
        }
    }

    /** Unloads a model and, if wanted, the models of its steps that no other model needs. */
    void unload(String name, boolean dependents) throws UnknownModelException, ControlRefusedException {
        checkAllowed();
        ModelEntry m = deployer.models().get(name);
        if (m == null && repository.find(name) == null) {
            throw new UnknownModelException("failed to unload '" + name + "', there is no model of that name");
        }
        store.remove(name);
        deployer.notAtStart(name);
        if (m == null || !m.askedFor) {
            return;
        }
        LOG.info("model {} is unloaded by request", name);
        Set<String> steps = new TreeSet<>(m.steps);
        take(m);
        if (repository.find(name) == null) {
            // There is nothing that could be loaded again.
            deployer.remove(m);
        }
        if (!dependents) {
            return;
        }
        for (ModelEntry other : deployer.models().values()) {
            if (other.askedFor) {
                steps.removeAll(other.steps);
            }
        }
        for (String step : steps) {
            if (deployer.models().containsKey(step)) {
                unload(step, true);
            }
        }
    }

    private void take(ModelEntry m) {
        m.askedFor = false;
        m.taken = null;
        m.override = null;
        forget(m.overrideFiles);
        m.overrideFiles = null;
        deployer.forgetOps(m.name);
        m.selected.clear();
        m.problem = new Explanation(List.of(new Reason(
                Kind.NOT_ASKED_FOR, "", "", "Model " + m.name + " was unloaded.", "Load it to have it served again.")));
        for (VersionEntry v : m.snapshot()) {
            v.explanation = Explanation.NONE;
            v.marks = Set.of();
            updater.retire(v, () -> deployer.publish(m), State.UNLOADING)
                    .thenRun(() -> worker.execute(() -> unloaded(m, v)));
        }
        deployer.publish(m);
    }

    private void unloaded(ModelEntry m, VersionEntry v) {
        if (v.state == State.UNLOADING) {
            v.state = State.UNLOADED;
            deployer.publish(m);
        }
    }

    private void checkAllowed() throws ControlRefusedException {
        if (settings.mode() == ControlMode.POLL) {
            throw new ControlRefusedException("explicit model load / unload is not allowed if polling is enabled");
        }
        if (settings.mode() == ControlMode.NONE) {
            throw new ControlRefusedException(
                    "explicit model load / unload is not allowed, start the server with --model-control-mode explicit");
        }
    }
}
