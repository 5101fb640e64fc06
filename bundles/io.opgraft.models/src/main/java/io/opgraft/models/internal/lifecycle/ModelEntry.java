package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Explanation;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.repository.Located;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the deployer knows of one model. Touched by the deployer only. */
final class ModelEntry {
    final String name;
    boolean askedFor;

    /** What was last acted on, and what the last poll saw; null before. */
    Observation taken;

    Observation seen;

    /** The configuration that a request gave in place of the file, as JSON; null if none did. */
    String override;

    /** The files that a request gave in place of the repository's; null if none did. */
    Located overrideFiles;

    /** The models that an ensemble is made of; empty for every other model. */
    Set<String> steps = Set.of();

    /** The instances that served when it was last published. */
    Map<Long, Instance> published = Map.of();

    /** What concerns all versions. */
    Explanation problem = Explanation.NONE;

    final SortedMap<Long, VersionEntry> versions = new TreeMap<>();

    /** What the policy selects; other versions serve on until these are ready. */
    SortedSet<Long> selected = new TreeSet<>();

    ModelEntry(String name) {
        this.name = name;
    }

    /** The versions at this moment, safe against changes of the map. */
    Collection<VersionEntry> snapshot() {
        return List.copyOf(versions.values());
    }

    boolean isReady() {
        return !selected.isEmpty()
                && selected.stream().allMatch(v -> versions.containsKey(v) && versions.get(v).current != null);
    }

    /** Whether what serves is what is wanted. */
    boolean isHealthy() {
        return problem.isEmpty() && isReady() && versions.values().stream().allMatch(v -> v.explanation.isEmpty());
    }

    /** Everything there is to explain. */
    Explanation explanation() {
        List<Explanation.Reason> reasons = new ArrayList<>(problem.reasons());
        versions.values().forEach(v -> reasons.addAll(v.explanation.reasons()));
        return new Explanation(reasons);
    }

    /** The instances that serve, by version. */
    Map<Long, Instance> serving() {
        Map<Long, Instance> serving = new TreeMap<>();
        versions.forEach((number, v) -> {
            if (v.current != null) {
                serving.put(number, v.current);
            }
        });
        return serving;
    }

    ModelView view(Holds holds) {
        List<VersionStatus> statuses = new ArrayList<>();
        SortedMap<Long, Instance> ready = new TreeMap<>();
        for (VersionEntry v : versions.values()) {
            statuses.add(v.status(Holds.summary(holds.of(name, v.version))));
            if (v.current != null) {
                ready.put(v.version, v.current);
            }
        }
        return new ModelView(new ModelStatus(name, askedFor, statuses, problem), ready);
    }
}
