package io.opgraft.metrics.internal;

import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.Models;
import io.opgraft.models.view.ModelVersion;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How many models are in which state. */
final class ModelMetrics {
    private ModelMetrics() {}

    static void register(PrometheusRegistry registry, Models models) {
        GaugeWithCallback.builder()
                .name("opgraft_models")
                .help("Versions of models by state; a model without versions counts once.")
                .labelNames("state")
                .callback(gauge -> count(models)
                        .forEach((state, number) ->
                                gauge.call(number, state.name().toLowerCase(Locale.ROOT))))
                .register(registry);
    }

    private static Map<State, Integer> count(Models models) {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        for (State state : State.values()) {
            counts.put(state, 0);
        }
        for (ModelVersion version : ModelVersion.all(models.list())) {
            counts.merge(version.state(), 1, Integer::sum);
        }
        return counts;
    }
}
