package io.opgraft.metrics.internal;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Verdict;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** How many op libraries are in which state, and how they were judged. */
final class OpMetrics {
    private OpMetrics() {}

    static void register(PrometheusRegistry registry, OpIndex ops) {
        gauge(
                registry,
                "opgraft_op_libraries",
                "Op libraries of the installed bundles by state.",
                "state",
                () -> count(ops, State.class, OpProvider::state));
        gauge(
                registry,
                "opgraft_op_libraries_by_verdict",
                "Op libraries of the installed bundles by how they can live beside others.",
                "verdict",
                () -> count(ops, Verdict.class, provider -> provider.report().verdict()));
    }

    /** What a gauge shows: a number for each constant of an enum. */
    private interface Counts {
        Map<? extends Enum<?>, Integer> get();
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, String label, Counts counts) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(gauge -> counts.get()
                        .forEach((value, number) ->
                                gauge.call(number, value.name().toLowerCase(Locale.ROOT))))
                .register(registry);
    }

    private static <E extends Enum<E>> Map<E, Integer> count(OpIndex ops, Class<E> type, Function<OpProvider, E> by) {
        Map<E, Integer> counts = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            counts.put(value, 0);
        }
        for (OpProvider provider : ops.providers()) {
            counts.merge(by.apply(provider), 1, Integer::sum);
        }
        return counts;
    }
}
