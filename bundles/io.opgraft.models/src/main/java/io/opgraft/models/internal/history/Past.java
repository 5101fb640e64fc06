package io.opgraft.models.internal.history;

import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds in the history of one model version what a rollback goes back to. */
public final class Past {
    private final List<WiringChange> entries;
    private final Set<String> needed;

    /**
     * Makes the search.
     *
     * @param entries history of one model version, oldest first
     * @param needed the ops that it needs now; others are of no interest
     */
    public Past(List<WiringChange> entries, Set<String> needed) {
        this.entries = entries;
        this.needed = needed;
    }

    /**
     * The wires before those of now. Repeated rollbacks go back step by step, not to and fro.
     *
     * @param now what serves; null if nothing does
     * @return one for each op that was wired differently or that came with it; null if there was nothing else
     */
    public Wiring before(Wiring now) {
        return now == null ? last() : before(now, needed);
    }

    /**
     * The wires of one bundle's ops before that bundle's last change.
     *
     * @param now what serves; null if nothing does
     * @param bundle symbolic name
     * @return null if the version did not use the bundle, or no other wires are known
     */
    public Wiring before(Wiring now, String bundle) {
        if (now == null) {
            Wiring last = last();
            return last == null ? null : none(only(last, opsOf(last, bundle)));
        }
        Set<String> ops = opsOf(now, bundle);
        if (!ops.isEmpty()) {
            return before(now, ops);
        }
        // The bundle went, and another one took its place by itself.
        int since = since(now, needed);
        Wiring old = since >= 0 && entries.get(since).cause() == Cause.OPS ? before(now, needed) : null;
        return old == null ? null : none(only(old, opsOf(old, bundle)));
    }

    private Wiring last() {
        return entries.isEmpty()
                ? null
                : none(only(entries.get(entries.size() - 1).wiring(), needed));
    }

    private Wiring before(Wiring now, Set<String> ops) {
        int since = since(now, ops);
        for (int i = (since < 0 ? entries.size() : since) - 1; i >= 0; i--) {
            Wiring then = entries.get(i).wiring();
            if (compare(then, now, ops) == Likeness.OTHER) {
                return only(then, ops);
            }
        }
        return null;
    }

    /** The entry with which the wires of now came, not counting returns to them; -1 if it is not remembered. */
    private int since(Wiring now, Set<String> ops) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            boolean ret = entries.get(i).cause() == Cause.ROLLBACK;
            if (!ret && compare(entries.get(i).wiring(), now, ops) == Likeness.SAME) {
                return i;
            }
        }
        return -1;
    }

    private enum Likeness {
        SAME,
        OTHER,
        UNRELATED
    }

    private Likeness compare(Wiring then, Wiring now, Set<String> ops) {
        Map<String, Wire> wires = new LinkedHashMap<>();
        now.wires().forEach(wire -> wires.put(wire.op(), wire));
        Likeness likeness = Likeness.UNRELATED;
        for (Wire wire : then.wires()) {
            Wire other = ops.contains(wire.op()) ? wires.get(wire.op()) : null;
            if (other != null && !other.equals(wire)) {
                return Likeness.OTHER;
            }
            likeness = other == null ? likeness : Likeness.SAME;
        }
        return likeness;
    }

    private Wiring only(Wiring wiring, Set<String> ops) {
        return new Wiring(wiring.wires().stream()
                .filter(wire -> ops.contains(wire.op()) && needed.contains(wire.op()))
                .toList());
    }

    private static Wiring none(Wiring wiring) {
        return wiring.wires().isEmpty() ? null : wiring;
    }

    private static Set<String> opsOf(Wiring wiring, String bundle) {
        Set<String> ops = new TreeSet<>();
        wiring.wires().stream().filter(wire -> wire.bundle().equals(bundle)).forEach(wire -> ops.add(wire.op()));
        return ops;
    }
}
