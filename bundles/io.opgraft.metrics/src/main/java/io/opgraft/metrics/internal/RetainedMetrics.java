package io.opgraft.metrics.internal;

import io.opgraft.backend.Backend;
import io.opgraft.backend.LoadedLibrary;
import io.opgraft.models.Models;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.view.ModelVersion;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The op libraries that stay mapped until the process ends. One collector, because the figures belong together and
 * counting bytes has a price.
 */
final class RetainedMetrics implements MultiCollector {
    private final Supplier<List<Backend>> backends;
    private final Models models;

    RetainedMetrics(Supplier<List<Backend>> backends, Models models) {
        this.backends = backends;
        this.models = models;
    }

    @Override
    public MetricSnapshots collect() {
        Set<String> used = new HashSet<>();
        for (ModelVersion version : ModelVersion.all(models.list())) {
            version.wires().stream().map(Wire::digest).forEach(used::add);
        }
        GaugeSnapshot.Builder libraries =
                GaugeSnapshot.builder().name("opgraft_retained_libraries").help("Op libraries that are loaded.");
        GaugeSnapshot.Builder bytes = GaugeSnapshot.builder()
                .name("opgraft_retained_bytes")
                .help("Memory that the loaded op libraries take for themselves, in bytes.");
        GaugeSnapshot.Builder retired = GaugeSnapshot.builder()
                .name("opgraft_retired_libraries")
                .help("Op libraries that are loaded though no model uses them any more.");
        for (Backend backend : backends.get()) {
            Labels labels = Labels.of("backend", backend.name());
            List<LoadedLibrary> loaded = backend.loadedLibraries();
            long unused = loaded.stream()
                    .filter(library -> !used.contains(library.digest()))
                    .count();
            libraries.dataPoint(new GaugeDataPointSnapshot(loaded.size(), labels, null));
            bytes.dataPoint(new GaugeDataPointSnapshot(
                    loaded.stream().mapToLong(LoadedLibrary::bytes).sum(), labels, null));
            retired.dataPoint(new GaugeDataPointSnapshot(unused, labels, null));
        }
        return MetricSnapshots.of(libraries.build(), bytes.build(), retired.build());
    }
}
