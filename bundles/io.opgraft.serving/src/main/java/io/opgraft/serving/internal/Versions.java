package io.opgraft.serving.internal;

import io.opgraft.models.ModelMetadata;
import io.opgraft.serving.ModelStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The queues of all model versions that got a request. They outlive instances, so that no count goes backwards. */
final class Versions {
    private final Settings settings;
    private final Threads threads;
    private final Map<String, Map<Long, VersionQueue>> byModel = new ConcurrentHashMap<>();

    Versions(Settings settings, Threads threads) {
        this.settings = settings;
        this.threads = threads;
    }

    VersionQueue of(ModelMetadata model) {
        Map<Long, VersionQueue> known = byModel.get(model.name());
        VersionQueue queue = known == null ? null : known.get(model.version());
        return queue == null ? make(model) : queue;
    }

    private VersionQueue make(ModelMetadata model) {
        return byModel.computeIfAbsent(model.name(), name -> new ConcurrentSkipListMap<>())
                .computeIfAbsent(model.version(), version -> new VersionQueue(model, settings, threads));
    }

    /** Ordered by model and version. */
    List<ModelStatistics> statistics() {
        List<ModelStatistics> all = new ArrayList<>();
        byModel.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(model -> model.getValue().values().forEach(queue -> all.add(queue.statistics())));
        return all;
    }
}
