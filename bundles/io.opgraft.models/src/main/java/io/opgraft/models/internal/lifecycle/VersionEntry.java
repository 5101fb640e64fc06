package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation;
import io.opgraft.models.Hold;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Wiring;
import io.opgraft.models.internal.config.DeclaredConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the deployer knows of one model version: what is wanted, and what serves. Touched by the deployer only. */
final class VersionEntry {
    final String model;
    final long version;

    /** The wanted configuration and folder, and the marks of the files that they were read from. */
    DeclaredConfig config;

    Path directory;
    Set<String> marks = Set.of();

    /** What the backend found in the wanted files; null until it looked. */
    ModelDescription description;

    ModelSource source;
    Backend inspectedBy;

    /** Ops that the model needs, by name. */
    final Map<String, OpRequirement> requirements = new TreeMap<>();

    /** The newest wiring, with its notes; null before. */
    Wiring resolved;

    /** What serves, or null. */
    Instance current;

    /** Whether {@link #current} was built from files that are no longer the wanted ones. */
    boolean outdated;

    State state = State.LOADING;
    Explanation explanation = Explanation.NONE;

    /** Cancels the end of the grace after the loss of an op; null if none runs. */
    Runnable grace;

    VersionEntry(String model, long version) {
        this.model = model;
        this.version = version;
    }

    /** Takes new files. */
    void want(DeclaredConfig newConfig, Path newDirectory, Set<String> newMarks) {
        config = newConfig;
        directory = newDirectory;
        marks = newMarks;
        outdated = true;
        forget();
    }

    /** Forgets what the backend found. */
    void forget() {
        description = null;
        source = null;
        inspectedBy = null;
        requirements.clear();
    }

    void require(Collection<OpRequirement> ops) {
        ops.forEach(r -> requirements.putIfAbsent(r.op(), r));
    }

    void cancelGrace() {
        if (grace != null) {
            grace.run();
            grace = null;
        }
    }

    VersionStatus status(Hold hold) {
        List<String> ops = new ArrayList<>(requirements.keySet());
        return new VersionStatus(
                version,
                state,
                current == null ? null : current.metadata(),
                current == null ? null : wiring(),
                ops,
                explanation,
                hold);
    }

    /** The wiring of what serves, with the notes of today. */
    private Wiring wiring() {
        return current.wiring().equals(resolved) ? resolved : current.wiring();
    }

    @Override
    public String toString() {
        return "model " + model + " version " + version;
    }
}
