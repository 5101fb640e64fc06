package io.opgraft.metrics.internal;

import io.opgraft.backend.Backend;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.Retained;
import io.opgraft.models.RetainedLibrary;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The op libraries that stay mapped until the process ends. One collector, because the figures belong together and
 * counting bytes has a price.
 */
final class RetainedMetrics implements MultiCollector {
    private final Supplier<List<Backend>> backends;
    private final ModelChanges changes;

    RetainedMetrics(Supplier<List<Backend>> backends, ModelChanges changes) {
        this.backends = backends;
        this.changes = changes;
    }

    @Override
    public MetricSnapshots collect() {
        Gauge libraries = new Gauge("opgraft_retained_libraries", "Op libraries that are loaded.");
        Gauge bytes = new Gauge(
                "opgraft_retained_bytes", "Memory that the loaded op libraries take for themselves, in bytes.");
        Gauge retired = new Gauge(
                "opgraft_retired_libraries", "Op libraries that are loaded though no model uses them any more.");
        Gauge retiredBytes = new Gauge(
                "opgraft_retired_bytes", "Memory that op libraries take which no model uses any more, in bytes.");
        byBackend().forEach((backend, loaded) -> {
            List<RetainedLibrary> unused =
                    loaded.stream().filter(library -> !library.inUse()).toList();
            libraries.add(backend, loaded.size());
            bytes.add(backend, Retained.bytes(loaded));
            retired.add(backend, unused.size());
            retiredBytes.add(backend, Retained.bytes(unused));
        });
        return MetricSnapshots.of(libraries.get(), bytes.get(), retired.get(), retiredBytes.get());
    }

    /** Also backends that loaded nothing yet. */
    private SortedMap<String, List<RetainedLibrary>> byBackend() {
        SortedMap<String, List<RetainedLibrary>> all = new TreeMap<>();
        backends.get().forEach(backend -> all.put(backend.name(), new ArrayList<>()));
        for (RetainedLibrary library : changes.retained().libraries()) {
            all.computeIfAbsent(library.framework(), name -> new ArrayList<>()).add(library);
        }
        return all;
    }

    /** A number for each backend. */
    private static final class Gauge {
        private final GaugeSnapshot.Builder builder = GaugeSnapshot.builder();

        Gauge(String name, String help) {
            builder.name(name).help(help);
        }

        void add(String backend, long value) {
            builder.dataPoint(new GaugeDataPointSnapshot((double) value, Labels.of("backend", backend), null));
        }

        GaugeSnapshot get() {
            return builder.build();
        }
    }
}
