package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.WiringListener;
import io.opgraft.models.internal.history.Causes;
import io.opgraft.models.internal.history.History;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into the history what begins to serve, and tells listeners. Used by the deployer only, but for its listeners. */
final class Chronicle {
    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);

    private final History history;
    private final Clock clock;
    private final List<WiringListener> listeners = new CopyOnWriteArrayList<>();

    Chronicle(History history, Clock clock) {
        this.history = history;
        this.clock = clock;
    }

    /** Whom to tell; any thread may change it. */
    List<WiringListener> listeners() {
        return listeners;
    }

    History history() {
        return history;
    }

    Clock clock() {
        return clock;
    }

    /**
     * Takes note of a switch.
     *
     * @param v the version
     * @param before what served before; null if nothing did
     * @param after what serves now
     * @param cause why
     */
    void note(VersionEntry v, Wiring before, Wiring after, Cause cause) {
        Wiring last = before;
        if (last == null) {
            List<WiringChange> entries = history.of(v.model, v.version);
            last = entries.isEmpty() ? null : entries.get(entries.size() - 1).wiring();
        }
        WiringChange change = new WiringChange(
                v.version,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                cause,
                Causes.difference(last, after),
                after);
        history.add(v.model, change);
        for (WiringListener listener : listeners) {
            try {
                listener.changed(v.model, change);
            } catch (RuntimeException e) {
                LOG.error("a listener failed on a change of {}", v, e);
            }
        }
    }
}
