package io.opgraft.benchmarks;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Several measurements of one figure.
 *
 * @param values at least one
 */
record Spread(List<Double> values) {
    /** The ratios of two sides that were taken in turn, pair by pair. */
    static Spread ratios(Spread ours, Spread theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.values.size(); i++) {
            ratios.add(ours.values.get(i) / theirs.values.get(i));
        }
        return new Spread(ratios);
    }

    double median() {
        return Samples.median(values);
    }

    double least() {
        return Collections.min(values);
    }

    double most() {
        return Collections.max(values);
    }

    /** Whether there is a figure at all. */
    boolean isKnown() {
        return !Double.isNaN(values.get(0));
    }

    /** The median with as many digits as mean something. */
    String text() {
        double median = median();
        String form = median >= 100 ? "%.0f" : median >= 10 ? "%.1f" : "%.2f";
        return isKnown() ? String.format(Locale.ROOT, form, median) : "-";
    }

    /** Median, least and most. */
    String textWithSpread() {
        return isKnown() ? String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median(), least(), most()) : "-";
    }

    void write(JsonGenerator json, String name) throws IOException {
        if (!isKnown()) {
            return;
        }
        json.writeObjectFieldStart(name);
        json.writeNumberField("median", median());
        json.writeNumberField("min", least());
        json.writeNumberField("max", most());
        json.writeArrayFieldStart("values");
        for (double value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
