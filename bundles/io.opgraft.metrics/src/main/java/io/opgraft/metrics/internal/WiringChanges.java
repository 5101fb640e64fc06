package io.opgraft.metrics.internal;

import io.opgraft.models.ModelChanges;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringChange;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts changes of wirings, by what the history has that it had not at the scrape before. */
final class WiringChanges implements MultiCollector {
    private final Models models;
    private final ModelChanges changes;
    private final Counter counter;
    private final Instant since = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Map<String, Set<WiringChange>> seen = new HashMap<>();

    private WiringChanges(Models models, ModelChanges changes) {
        this.models = models;
        this.changes = changes;
        counter = Counter.builder()
                .name("opgraft_wiring_changes_total")
                .help("Times that another wiring began to serve a model.")
                .labelNames("model")
                .withoutExemplars()
                .build();
    }

    static void register(PrometheusRegistry registry, Models models, ModelChanges changes) {
        registry.register(new WiringChanges(models, changes));
    }

    @Override
    public synchronized MetricSnapshots collect() {
        for (ModelStatus model : models.list()) {
            count(model.name());
        }
        return MetricSnapshots.of(counter.collect());
    }

    private void count(String model) {
        Set<WiringChange> now = new HashSet<>(history(model));
        // The first wiring after a start is not a change.
        now.removeIf(change ->
                change.cause() == WiringChange.Cause.STARTED || change.time().isBefore(since));
        Set<WiringChange> before = seen.getOrDefault(model, Set.of());
        long more = now.stream().filter(change -> !before.contains(change)).count();
        counter.labelValues(model).inc(more);
        seen.put(model, now);
    }

    private List<WiringChange> history(String model) {
        try {
            return changes.history(model);
        } catch (UnknownModelException e) {
            // It went since it was listed.
            return List.of();
        }
    }
}
