package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.config.ConfigException;
import io.opgraft.models.internal.config.ConfigReader;
import io.opgraft.models.internal.config.DeclaredConfig;
import io.opgraft.models.internal.privateops.PrivateOps;
import io.opgraft.models.internal.repository.ModelFiles;
import io.opgraft.models.internal.repository.VersionPolicy;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the repository holds of a model into wanted versions. Used by the deployer only. */
final class ModelLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private final VersionUpdater updater;
    private final OpUsers users;
    private final PrivateOps privateOps;
    private final Consumer<ModelEntry> publish;

    ModelLoader(VersionUpdater updater, OpUsers users, PrivateOps privateOps, Consumer<ModelEntry> publish) {
        this.updater = updater;
        this.users = users;
        this.privateOps = privateOps;
        this.publish = publish;
    }

    /** Acts on a model's files. */
    void apply(ModelEntry m, Observation now, Cause cause) {
        if (prepare(m, now)) {
            build(m, cause);
        }
    }

    /**
     * Reads a model's files. What cannot be used is explained and leaves what serves as it is.
     *
     * @return whether there is something to build
     */
    @SuppressWarnings("try") // open for the log's sake
    boolean prepare(ModelEntry m, Observation now) {
        try (LogModel named = new LogModel(m.name)) {
            return read(m, now);
        }
    }

    private boolean read(ModelEntry m, Observation now) {
        boolean sameConfig = m.taken != null
                && m.taken.files() != null
                && now.files() != null
                && m.taken.files().shared().equals(now.files().shared());
        m.taken = now;
        if (now.isAbsent()) {
            problem(
                    m,
                    new Reason(
                            Kind.LOAD_FAILED,
                            "",
                            m.name,
                            "No model repository holds a model " + m.name + ".",
                            "Put it into a repository and load it."));
            return false;
        }
        if (now.problem() != null) {
            problem(m, now.problem());
            return false;
        }
        try {
            DeclaredConfig config = m.override == null
                    ? ConfigReader.read(m.name, now.files().config())
                    : ConfigReader.override(m.name, now.files().config(), m.override);
            m.steps = config.steps();
            if (!sameConfig || m.override != null) {
                config.warnings().forEach(LOG::warn);
            }
            Reason unusable = privateOps.bring(m.name, now.files().directory(), config.pins(), config.framework());
            if (unusable != null) {
                problem(m, unusable);
                return false;
            }
            return select(m, now.files(), config);
        } catch (ConfigException e) {
            problem(m, e.reason());
            return false;
        }
    }

    private boolean select(ModelEntry m, ModelFiles files, DeclaredConfig config) {
        SortedSet<Long> selected = VersionPolicy.select(
                config.proto().getVersionPolicy(),
                new TreeSet<>(files.versions().keySet()));
        if (selected.isEmpty()) {
            problem(
                    m,
                    new Reason(
                            Kind.LOAD_FAILED,
                            "",
                            m.name,
                            "Model " + m.name + " has no version folder.",
                            "Put its files into a folder named by a number, such as 1."));
            return false;
        }
        m.problem = Explanation.NONE;
        m.selected = selected;
        m.snapshot().stream()
                .filter(v -> v.current == null && !selected.contains(v.version))
                .forEach(v -> forget(m, v));
        for (long version : selected) {
            VersionEntry v = m.versions.computeIfAbsent(version, n -> new VersionEntry(m.name, n));
            Set<String> marks = marks(files, version);
            if (m.override != null) {
                marks.add("override " + m.override);
            }
            if (!marks.equals(v.marks)) {
                v.want(config, files.version(version), marks);
            }
        }
        publish.accept(m);
        return true;
    }

    /** Builds what was prepared. */
    void build(ModelEntry m, Cause cause) {
        m.snapshot().stream().filter(v -> m.selected.contains(v.version)).forEach(v -> update(m, v, cause));
    }

    private void forget(ModelEntry m, VersionEntry v) {
        m.versions.remove(v.version);
        users.remove(v);
    }

    private static Set<String> marks(ModelFiles files, long version) {
        Set<String> marks = new TreeSet<>(files.shared());
        marks.addAll(files.versions().getOrDefault(version, new TreeSet<>()));
        marks.add(files.directory().toString());
        return marks;
    }

    /** Updates one version; versions that the policy no longer selects go when all that it selects are ready. */
    void update(ModelEntry m, VersionEntry v, Cause cause) {
        updater.update(v, () -> show(m, v), cause);
        if (m.isReady()) {
            for (VersionEntry other : m.snapshot()) {
                if (!m.selected.contains(other.version)) {
                    forget(m, other);
                    updater.retire(other, () -> publish.accept(m), State.UNLOADED);
                }
            }
        }
    }

    /** Publishes a version whose needs or state may have changed. */
    void show(ModelEntry m, VersionEntry v) {
        if (m.versions.get(v.version) == v) {
            users.put(m, v);
        }
        publish.accept(m);
    }

    private void problem(ModelEntry m, Reason reason) {
        Explanation explanation = new Explanation(List.of(reason));
        if (!explanation.equals(m.problem)) {
            LOG.warn("model {} {}: {}", m.name, m.isReady() ? "goes on as before" : "is not ready", explanation);
        }
        m.problem = explanation;
        publish.accept(m);
    }
}
