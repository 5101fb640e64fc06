package io.opgraft.models.internal.history;

import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Says in words how one wiring differs from the one before. */
public final class Causes {
    private Causes() {}

    /**
     * The difference.
     *
     * @param before null if nothing served
     * @param after what serves now
     * @return such as {@code update of bundle acme 1.0.0 -> 1.1.0}; empty if there is none
     */
    public static String difference(Wiring before, Wiring after) {
        Set<String> parts = new LinkedHashSet<>();
        if (before == null) {
            after.wires().forEach(wire -> parts.add(label(wire)));
            return parts.isEmpty() ? "" : "with " + String.join(", ", parts);
        }
        Map<String, Wire> old = new LinkedHashMap<>();
        before.wires().forEach(wire -> old.put(wire.op(), wire));
        for (Wire wire : after.wires()) {
            Wire was = old.remove(wire.op());
            if (was == null) {
                parts.add("op " + wire.op() + " from " + label(wire));
            } else if (!was.equals(wire)) {
                parts.add(difference(was, wire));
            }
        }
        old.values().forEach(wire -> parts.add("op " + wire.op() + " no longer needed"));
        return String.join(", ", parts);
    }

    private static String difference(Wire was, Wire now) {
        if (!was.bundle().equals(now.bundle())) {
            return label(now) + " instead of " + label(was) + " for op " + now.op();
        }
        if (was.bundleId() != now.bundleId()) {
            return "bundle " + now.bundle() + " " + now.version() + " (id " + now.bundleId() + ") instead of "
                    + was.version() + " (id " + was.bundleId() + ")";
        }
        return was.version().equals(now.version())
                ? "update of bundle " + now.bundle() + " " + now.version() + " with another library"
                : "update of bundle " + now.bundle() + " " + was.version() + " -> " + now.version();
    }

    private static String label(Wire wire) {
        return wire.bundle() + "/" + wire.version();
    }
}
