package io.opgraft.metrics.internal;

import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.serving.CacheStatistics;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.Serving;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The model versions that got requests, and those that could: rates need the 0 that they begin at. */
final class ServedVersions implements MultiCollector {
    private final Serving serving;
    private final Models models;

    ServedVersions(Serving serving, Models models) {
        this.serving = serving;
        this.models = models;
    }

    /**
     * Figures at one moment.
     *
     * @param all of every version
     * @param cached those of versions with a response cache
     */
    record Figures(List<ModelStatistics> all, List<ModelStatistics> cached) {}

    private record Name(String model, long version) {}

    /** All metrics of requests, from figures of one moment: to list the models may read their repository. */
    @Override
    public MetricSnapshots collect() {
        Figures figures = figures();
        return new MetricSnapshots(Stream.of(TritonMetrics.of(figures), RequestMetrics.of(figures.all()))
                .flatMap(MetricSnapshots::stream)
                .toList());
    }

    private Figures figures() {
        List<ModelStatistics> all = new ArrayList<>(serving.statistics());
        Set<Name> asked = new HashSet<>();
        all.forEach(one -> asked.add(new Name(one.model(), one.version())));
        Set<Name> withCache = new HashSet<>();
        for (ModelStatus model : models.list()) {
            for (VersionStatus version : model.versions()) {
                ModelMetadata ready = version.metadata();
                if (ready == null) {
                    continue;
                }
                Name name = new Name(model.name(), version.version());
                if (!asked.contains(name)) {
                    all.add(none(name, ready.options().metricTags()));
                }
                if (ready.options().responseCache()) {
                    withCache.add(name);
                }
            }
        }
        List<ModelStatistics> cached = all.stream()
                .filter(one -> one.cache().hits() + one.cache().misses() > 0
                        || withCache.contains(new Name(one.model(), one.version())))
                .toList();
        return new Figures(all, cached);
    }

    private static ModelStatistics none(Name name, Map<String, String> tags) {
        return new ModelStatistics(
                name.model(),
                name.version(),
                tags,
                0,
                0,
                0,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                CacheStatistics.NONE,
                List.of(),
                0,
                0,
                Map.of());
    }
}
