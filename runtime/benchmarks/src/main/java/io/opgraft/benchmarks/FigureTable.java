package io.opgraft.benchmarks;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows that have one figure for each line, with both sides where there are two. */
final class FigureTable implements Report.Part {
    private final List<Figure> figures = new ArrayList<>();

    /**
     * One line.
     *
     * @param row the row's name
     * @param name what was measured
     * @param unit of the two sides, or of the figure where there is one side
     * @param ours our side, or null
     * @param theirs the other side, or null
     * @param figure a ratio, or what was measured of the one side
     * @param goal of the figure, or null
     */
    private record Figure(String row, String name, String unit, Spread ours, Spread theirs, Spread figure, Goal goal) {
        String markdown() {
            boolean pair = theirs != null;
            return "| " + row.toUpperCase(Locale.ROOT) + " | " + name + " | "
                    + (pair ? ours.text() + " " + unit + " | " + theirs.text() + " " + unit : " | ") + " | "
                    + figure.textWithSpread() + (pair ? "" : " " + unit) + " | "
                    + (goal == null ? "-" : goal.verdict(figure.median())) + " |";
        }

        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("row", row);
            json.writeStringField("workload", name);
            json.writeStringField("unit", unit);
            if (theirs != null) {
                ours.write(json, "ours");
                theirs.write(json, "other_side");
            }
            figure.write(json, theirs == null ? "figure" : "ratio");
            if (goal != null) {
                json.writeBooleanField("met", goal.isMet(figure.median()));
            }
            json.writeEndObject();
        }
    }

    /** A figure of the product alone. */
    void add(String row, String name, String unit, List<Double> values, Goal goal) {
        figures.add(new Figure(row, name, unit, null, null, new Spread(values), goal));
    }

    /** A ratio of two sides. */
    void add(String row, String name, String unit, Samples samples, Goal goal) {
        Spread ours = samples.ours();
        Spread theirs = samples.theirs();
        figures.add(new Figure(row, name, unit, ours, theirs, Spread.ratios(ours, theirs), goal));
    }

    boolean hasAny() {
        return !figures.isEmpty();
    }

    @Override
    public List<String> markdown() {
        List<String> text = new ArrayList<>();
        text.add("| row | what | ours | other side | ratio or figure, median (spread) | goal |");
        text.add("|---|---|---|---|---|---|");
        figures.forEach(figure -> text.add(figure.markdown()));
        return text;
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        for (Figure figure : figures) {
            figure.write(json);
        }
    }
}
