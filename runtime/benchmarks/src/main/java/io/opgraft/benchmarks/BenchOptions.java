package io.opgraft.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code bench} was asked for.
 *
 * @param rows names of rows, in the order of the table
 * @param quick short runs, whose figures say little
 * @param pairs how often both sides are measured in turn
 * @param against another server, {@code URL[,PID]}, or null
 * @param output folder for the results, or null
 */
record BenchOptions(List<String> rows, boolean quick, int pairs, String against, Path output) {
    static final List<String> ROWS = List.of(
            "p1",
            "p2",
            "p3",
            "p5",
            "p8",
            "p9",
            "p10",
            "p12",
            "p14",
            "p15",
            "p16",
            "p18",
            "p19",
            "p20",
            "overload",
            "long");
    static final String USAGE =
            "Usage: opgraft bench [ROW...] [--quick] [--pairs N] [--against URL[,PID]] [--output DIR]\n" + "Rows: "
                    + String.join(" ", ROWS) + "; all of them if none is named.";

    /** Reads a command line. */
    static BenchOptions parse(List<String> words) {
        List<String> rows = new ArrayList<>();
        boolean quick = false;
        int pairs = 0;
        String against = null;
        Path output = null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "--quick" -> quick = true;
                case "--pairs" -> pairs = pairs(value(words, ++i, word));
                case "--against" -> against = value(words, ++i, word);
                case "--output" -> output = Path.of(value(words, ++i, word));
                default -> rows.add(row(word));
            }
        }
        List<String> wanted = ROWS.stream()
                .filter(row -> rows.isEmpty() || rows.contains(row))
                .toList();
        return new BenchOptions(wanted, quick, pairs > 0 ? pairs : quick ? 3 : 5, against, output);
    }

    private static String value(List<String> words, int index, String option) {
        if (index == words.size()) {
            throw new IllegalArgumentException(option + " needs a value.");
        }
        return words.get(index);
    }

    private static int pairs(String text) {
        try {
            int pairs = Integer.parseInt(text);
            if (pairs > 0) {
                return pairs;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number that is too small.
        }
        throw new IllegalArgumentException("--pairs must be a number of at least 1, but is " + text + ".");
    }

    private static String row(String word) {
        String row = word.toLowerCase(Locale.ROOT);
        if (!ROWS.contains(row)) {
            throw new IllegalArgumentException(
                    (word.startsWith("-") ? "There is no option " : "There is no row ") + word + ".");
        }
        return row;
    }
}
