package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.history.Causes;
import io.opgraft.models.internal.history.History;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Writes into the history what begins to serve. Used by the deployer only. */
final class Chronicle {
    private final History history;
    private final Clock clock;

    Chronicle(History history, Clock clock) {
        this.history = history;
        this.clock = clock;
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
        history.add(
                v.model,
                new WiringChange(
                        v.version,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        cause,
                        Causes.difference(last, after),
                        after));
    }
}
