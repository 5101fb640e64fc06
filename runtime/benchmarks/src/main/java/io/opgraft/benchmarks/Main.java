package io.opgraft.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The benchmarks by the names of their rows. */
public final class Main {
    private static final int DEFAULT_BUNDLES = 1000;
    private static final int DEFAULT_PAIRS = 5;

    private Main() {}

    /**
     * Runs rows.
     *
     * @param arguments {@code start [BUNDLES [PAIRS]]}, {@code probe [LIBRARIES]} or {@code lookup}
     */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(System.getProperty("opgraft.home"));
        Path library = Path.of(System.getProperty("opgraft.benchmarks.library"));
        StartBenchmark start = new StartBenchmark(home, library, System.out);
        List<String> words = List.of(arguments);
        switch (words.isEmpty() ? "" : words.get(0)) {
            case "start" -> start.run(number(words, 1, DEFAULT_BUNDLES), number(words, 2, DEFAULT_PAIRS));
            case "probe" -> start.probed(number(words, 1, 20));
            case "lookup" ->
                new Runner(new OptionsBuilder()
                                .include(LookUp.class.getName())
                                .jvmArgsAppend("-Dopgraft.home=" + home, "-Dopgraft.benchmarks.library=" + library)
                                .build())
                        .run();
            default -> {
                System.err.println("Usage: run start [BUNDLES [PAIRS]] | probe [LIBRARIES] | lookup");
                System.exit(2);
            }
        }
    }

    private static int number(List<String> words, int index, int otherwise) {
        return words.size() > index ? Integer.parseInt(words.get(index)) : otherwise;
    }
}
