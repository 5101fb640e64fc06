package io.opgraft.benchmarks;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The HTTP rows as Markdown and as JSON. */
final class HttpTable implements Report.Part {
    private static final Goal HEAP = Goal.atMost(64 * 1024);

    private final boolean withOther;
    private final Map<HttpCase, Map<String, HttpFigures>> lines = new LinkedHashMap<>();
    private final Map<HttpCase, Double> heap = new LinkedHashMap<>();
    private HttpCase last;

    HttpTable(boolean withOther) {
        this.withOther = withOther;
    }

    void add(HttpCase line, Map<String, HttpFigures> figures) {
        lines.put(line, figures);
        last = line;
    }

    void heap(HttpCase line, double bytesPerRequest) {
        heap.put(line, bytesPerRequest);
    }

    /** The line that was added last. */
    String last() {
        return againstBare(last) + (withOther ? "\n" + againstOther(last) : "");
    }

    @Override
    public List<String> markdown() {
        List<String> text = new ArrayList<>();
        text.add("| row | workload | ours: req/s | CPU-us | p50/p99 us | bare Jetty: req/s | CPU-us | p50/p99 us"
                + " | rate, ours / bare (spread) | CPU, ours / bare | goal (rate) |");
        text.add("|---|---|---|---|---|---|---|---|---|---|---|");
        lines.keySet().forEach(line -> text.add(againstBare(line)));
        if (withOther) {
            text.add("");
            text.add("| row | workload | other server: req/s | CPU-us | p50/p99 us | rate, ours / other (spread)"
                    + " | goal | CPU, ours / other (spread) | goal |");
            text.add("|---|---|---|---|---|---|---|---|---|");
            lines.keySet().forEach(line -> text.add(againstOther(line)));
        }
        if (!heap.isEmpty()) {
            text.add("");
            text.add("| row | workload | heap bytes per request | goal |");
            text.add("|---|---|---|---|");
            heap.forEach((line, bytes) ->
                    text.add(line.title() + String.format(Locale.ROOT, " | %.0f | %s |", bytes, HEAP.verdict(bytes))));
        }
        return text;
    }

    private String againstBare(HttpCase line) {
        HttpFigures ours = lines.get(line).get("ours");
        HttpFigures bare = lines.get(line).get("bare");
        Spread rate = Spread.ratios(ours.rate(), bare.rate());
        return line.title() + " | " + columns(ours) + " | " + columns(bare) + " | " + rate.textWithSpread() + " | "
                + Spread.ratios(ours.cpu(), bare.cpu()).textWithSpread() + " | "
                + line.bare().verdict(rate.median()) + " |";
    }

    private String againstOther(HttpCase line) {
        HttpFigures ours = lines.get(line).get("ours");
        HttpFigures other = lines.get(line).get("other");
        Spread rate = Spread.ratios(ours.rate(), other.rate());
        Spread cpu = Spread.ratios(ours.cpu(), other.cpu());
        return line.title() + " | " + columns(other) + " | " + rate.textWithSpread() + " | "
                + verdict(line.rate(), rate) + " | " + cpu.textWithSpread() + " | " + verdict(line.cpu(), cpu) + " |";
    }

    private static String verdict(Goal goal, Spread figure) {
        return goal == null ? "-" : goal.verdict(figure.median());
    }

    private static String columns(HttpFigures figures) {
        return figures.rate().text() + " | " + figures.cpu().text() + " | "
                + figures.p50().text() + " / " + figures.p99().text();
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        for (Map.Entry<HttpCase, Map<String, HttpFigures>> entry : lines.entrySet()) {
            HttpCase line = entry.getKey();
            HttpFigures ours = entry.getValue().get("ours");
            json.writeStartObject();
            json.writeStringField("row", line.row());
            json.writeStringField("workload", line.name());
            json.writeNumberField("connections", line.connections());
            for (Map.Entry<String, HttpFigures> side : entry.getValue().entrySet()) {
                json.writeObjectFieldStart(side.getKey());
                HttpFigures figures = side.getValue();
                figures.rate().write(json, "rate");
                figures.cpu().write(json, "cpu_us");
                figures.p50().write(json, "p50_us");
                figures.p99().write(json, "p99_us");
                json.writeEndObject();
                if (figures != ours) {
                    Spread.ratios(ours.rate(), figures.rate()).write(json, "rate_ours_to_" + side.getKey());
                    Spread.ratios(ours.cpu(), figures.cpu()).write(json, "cpu_ours_to_" + side.getKey());
                }
            }
            if (heap.containsKey(line)) {
                json.writeNumberField("heap_bytes_per_request", heap.get(line));
            }
            json.writeEndObject();
        }
    }
}
