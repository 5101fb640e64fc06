package io.opgraft.metrics.internal;

import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Counts changes of wirings when they happen. */
final class WiringChanges implements MultiCollector, WiringListener {
    private final Models models;
    private final Counter counter = Counter.builder()
            .name("opgraft_wiring_changes_total")
            .help("Times that another wiring began to serve a model.")
            .labelNames("model")
            .withoutExemplars()
            .build();

    WiringChanges(Models models) {
        this.models = models;
    }

    @Override
    public void changed(String model, WiringChange change) {
        // The first wiring after a start is not a change.
        if (change.cause() != WiringChange.Cause.STARTED) {
            counter.labelValues(model).inc();
        }
    }

    @Override
    public MetricSnapshots collect() {
        for (ModelStatus model : models.list()) {
            // Shown as 0 until it changes.
            counter.initLabelValues(model.name());
        }
        return MetricSnapshots.of(counter.collect());
    }
}
