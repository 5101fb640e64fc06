package io.opgraft.models.internal.lifecycle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which model versions need which op, so that a change of an op touches no other. Used by the deployer only. */
final class OpUsers {
    private record Op(String framework, String name) {}

    private final Map<Op, Map<VersionEntry, ModelEntry>> users = new HashMap<>();
    private final Map<VersionEntry, Set<Op>> needs = new HashMap<>();

    /** Takes note of what a version needs now. */
    void put(ModelEntry m, VersionEntry v) {
        Set<Op> now = new HashSet<>();
        if (v.inspectedBy != null) {
            v.requirements.keySet().forEach(op -> now.add(new Op(v.inspectedBy.name(), op)));
        }
        if (now.equals(needs.get(v))) {
            return;
        }
        remove(v);
        if (!now.isEmpty()) {
            needs.put(v, now);
            now.forEach(
                    op -> users.computeIfAbsent(op, o -> new LinkedHashMap<>()).put(v, m));
        }
    }

    /** Forgets a version. */
    void remove(VersionEntry v) {
        Set<Op> old = needs.remove(v);
        if (old != null) {
            old.forEach(op -> users.computeIfPresent(op, (o, map) -> {
                map.remove(v);
                return map.isEmpty() ? null : map;
            }));
        }
    }

    /** The versions that need one of some ops, each once. */
    Map<VersionEntry, ModelEntry> of(Map<String, Set<String>> opsByFramework) {
        Map<VersionEntry, ModelEntry> found = new LinkedHashMap<>();
        opsByFramework.forEach((framework, ops) ->
                ops.forEach(op -> found.putAll(users.getOrDefault(new Op(framework, op), Map.of()))));
        return found;
    }
}
