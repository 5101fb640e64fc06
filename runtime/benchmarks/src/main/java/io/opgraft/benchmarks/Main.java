package io.opgraft.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** The benchmarks by the names of their rows. */
public final class Main {
    private static final int DEFAULT_BUNDLES = 1000;
    private static final int DEFAULT_PAIRS = 5;

    private Main() {}

    /**
     * Runs rows.
     *
     * @param arguments {@code start [BUNDLES [PAIRS]]}, {@code probe [LIBRARIES]}, {@code lookup}, {@code inner} or
     *     {@code bench} with the options of {@link BenchOptions}
     */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(System.getProperty("opgraft.home"));
        Path library = Path.of(System.getProperty("opgraft.benchmarks.library"));
        StartBenchmark start = new StartBenchmark(home, library, System.out);
        List<String> words = List.of(arguments);
        switch (words.isEmpty() ? "" : words.get(0)) {
            case "start" -> start.run(number(words, 1, DEFAULT_BUNDLES), number(words, 2, DEFAULT_PAIRS));
            case "probe" -> start.probed(number(words, 1, 20));
            case "lookup" -> LookUp.run(home, library, false);
            case "inner" -> Inner.run(home, library);
            case "bench" -> bench(words.subList(1, words.size()), new Bench(home, library, System.out));
            default -> {
                System.err.println(
                        "Usage: run start [BUNDLES [PAIRS]] | probe [LIBRARIES] | lookup | inner | bench ...");
                System.exit(2);
            }
        }
    }

    private static void bench(List<String> words, Bench bench) throws Exception {
        if (words.contains("--help")) {
            System.out.println(BenchOptions.USAGE);
            return;
        }
        BenchOptions options;
        try {
            options = BenchOptions.parse(words);
        } catch (IllegalArgumentException e) {
            System.err.println("opgraft: " + e.getMessage());
            System.err.println(BenchOptions.USAGE);
            System.exit(2);
            return;
        }
        bench.run(options);
    }

    private static int number(List<String> words, int index, int otherwise) {
        return words.size() > index ? Integer.parseInt(words.get(index)) : otherwise;
    }
}
