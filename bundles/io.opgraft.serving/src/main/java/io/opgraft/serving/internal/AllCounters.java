package io.opgraft.serving.internal;

import io.opgraft.models.ModelMetadata;
import io.opgraft.serving.ModelStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The figures of all model versions that got a request. They outlive instances, so that no count goes backwards. */
final class AllCounters {
    private final Map<String, Map<Long, Counters>> byModel = new ConcurrentHashMap<>();

    Counters of(ModelMetadata model) {
        return byModel.computeIfAbsent(model.name(), name -> new ConcurrentSkipListMap<>())
                .computeIfAbsent(model.version(), version -> new Counters());
    }

    /** Ordered by model and version. */
    List<ModelStatistics> statistics() {
        List<ModelStatistics> all = new ArrayList<>();
        byModel.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(model -> model.getValue()
                .forEach((version, counters) -> all.add(counters.statistics(model.getKey(), version))));
        return all;
    }
}
