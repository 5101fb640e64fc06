package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.OpOrigin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows on changes of models: op bundles go that no model brings along any more, and versions that wait for
 * libraries on trial are looked at again when the trials have ended. Used by the deployer only.
 */
final class Aftermath {
    private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

    /** When to look again if trials that began meanwhile are still under way. */
    private static final long AGAIN_MILLIS = 200;

    private final OpServices ops;
    private final Worker worker;
    private final Map<String, ModelEntry> models;
    private final BiConsumer<ModelEntry, VersionEntry> update;
    private boolean open;
    private boolean due;
    private boolean waiting;

    Aftermath(
            OpServices ops,
            Worker worker,
            Map<String, ModelEntry> models,
            BiConsumer<ModelEntry, VersionEntry> update) {
        this.ops = ops;
        this.worker = worker;
        this.models = models;
        this.update = update;
    }

    /** From now on it is known what each model brings along. */
    void open() {
        open = true;
        come();
    }

    /** The server stops. */
    void close() {
        open = false;
    }

    /** Models changed. */
    void come() {
        if (open && !due) {
            due = true;
            worker.execute(this::run);
        }
    }

    private void run() {
        due = false;
        if (!open) {
            return;
        }
        Set<String> used = new TreeSet<>();
        for (ModelEntry m : models.values()) {
            for (VersionEntry v : m.versions.values()) {
                if (v.current != null) {
                    v.current.wiring().wires().stream()
                            .map(Wire::provider)
                            .map(p -> p.origin().location())
                            .filter(location -> location.startsWith(OpOrigin.PRIVATE_LOCATION))
                            .forEach(used::add);
                }
            }
        }
        ops.privateOps().sweep(used);
        if (!waiting && !onTrial().isEmpty()) {
            waiting = true;
            ops.index().settled().thenRun(() -> onWorker(this::trialsEnded));
        }
    }

    private void onWorker(Runnable task) {
        try {
            worker.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("a trial ended when the server was stopping");
        }
    }

    private void trialsEnded() {
        onTrial().forEach((v, m) -> update.accept(m, v));
        if (onTrial().isEmpty()) {
            waiting = false;
        } else {
            worker.schedule(AGAIN_MILLIS, () -> {
                waiting = false;
                come();
            });
        }
    }

    /** The versions that wait for a library on trial. */
    private Map<VersionEntry, ModelEntry> onTrial() {
        Map<VersionEntry, ModelEntry> found = new LinkedHashMap<>();
        for (ModelEntry m : models.values()) {
            for (VersionEntry v : m.versions.values()) {
                if (m.askedFor && v.explanation.reasons().stream().anyMatch(r -> r.kind() == Kind.LIBRARY_CHECKING)) {
                    found.put(v, m);
                }
            }
        }
        return found;
    }
}
