package io.opgraft.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Pairs of measurements, ours and theirs, taken in turn. */
final class Samples {
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> theirs = new ArrayList<>();

    void add(double our, double their) {
        ours.add(our);
        theirs.add(their);
    }

    Spread ours() {
        return new Spread(List.copyOf(ours));
    }

    Spread theirs() {
        return new Spread(List.copyOf(theirs));
    }

    /** One row of a Markdown table: medians of both sides, and of the ratios pair by pair with their spread. */
    String row(String name, String unit, String goal) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.1f %s | %.1f %s | %.2f (%.2f to %.2f) | %s |",
                name,
                median(ours),
                unit,
                median(theirs),
                unit,
                median(ratios),
                Collections.min(ratios),
                Collections.max(ratios),
                goal);
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
