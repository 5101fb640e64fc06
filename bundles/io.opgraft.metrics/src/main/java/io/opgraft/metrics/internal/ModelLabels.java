package io.opgraft.metrics.internal;

import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The labels of a model version's metrics: its name and version, and the tags of its configuration. */
final class ModelLabels {
    private static final String TAG = "_";

    private ModelLabels() {}

    static Labels of(ModelStatistics one) {
        return of(one, Map.of());
    }

    static Labels of(ModelStatistics one, String label, String value) {
        return of(one, Map.of(label, value));
    }

    /** Tags are marked as Triton marks them, so they never replace other labels; what is no name of a label becomes one. */
    private static Labels of(ModelStatistics one, Map<String, String> more) {
        Map<String, String> labels = new TreeMap<>();
        one.tags().forEach((name, value) -> {
            if (!name.isEmpty()) {
                labels.put(PrometheusNaming.sanitizeLabelName(TAG + name.replaceAll("[^A-Za-z0-9_]", "_")), value);
            }
        });
        labels.put("model", one.model());
        labels.put("version", Long.toString(one.version()));
        labels.putAll(more);
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }

    static String name(FailureReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
