package io.opgraft.metrics.internal;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.OpenMetrics2TextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Prometheus text in which counters with the names of Triton keep them. The library's writer of that text ends the name of
 * each counter in {@code _total}; its writer of OpenMetrics 2, which writes counters by the same lines, does not.
 */
final class TextFormat {
    private static final String TRITON = "nv_";
    private static final byte[] END = "# EOF\n".getBytes(StandardCharsets.UTF_8);

    private final PrometheusTextFormatWriter text = PrometheusTextFormatWriter.create();
    private final OpenMetrics2TextFormatWriter names = OpenMetrics2TextFormatWriter.create();

    String contentType() {
        return text.getContentType();
    }

    void write(OutputStream out, MetricSnapshots all, EscapingScheme escaping) throws IOException {
        List<MetricSnapshot> triton = new ArrayList<>();
        List<MetricSnapshot> others = new ArrayList<>();
        for (MetricSnapshot one : all) {
            boolean asNamed = one instanceof CounterSnapshot
                    && one.getMetadata().getPrometheusName().startsWith(TRITON);
            (asNamed ? triton : others).add(one);
        }
        ByteArrayOutputStream counters = new ByteArrayOutputStream();
        names.write(counters, new MetricSnapshots(triton), escaping);
        out.write(counters.toByteArray(), 0, counters.size() - END.length);
        text.write(out, new MetricSnapshots(others), escaping);
    }
}
