package io.opgraft.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Row P15: many op bundles in the product and in bare Felix, each run in a JVM of its own, both sides in turn. */
final class StartBenchmark {
    private static final String GOAL = "<= 1.5";

    private final Path home;
    private final Path library;
    private final PrintStream out;

    StartBenchmark(Path home, Path library, PrintStream out) {
        this.home = home;
        this.library = library;
        this.out = out;
    }

    /**
     * Runs it and prints one row of a Markdown table for each phase.
     *
     * @param count bundles
     * @param pairs how often each side installs; each installation is started twice more
     */
    void run(int count, int pairs) throws IOException, InterruptedException {
        Map<String, Samples> rows = measure(count, pairs);
        out.println("| " + count + " bundles | ours | bare Felix | ratio, median (spread) | goal |");
        out.println("|---|---|---|---|---|");
        rows.forEach((name, samples) -> out.println(samples.row(name, "ms", GOAL)));
    }

    /** The same; both sides in milliseconds by the names of the phases. */
    Map<String, Samples> measure(int count, int pairs) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("opgraft-bench");
        try {
            Path jars = work.resolve("jars");
            new BenchBundles(library).write(jars, count);
            Map<String, Samples> rows = new LinkedHashMap<>();
            for (int i = 0; i < pairs; i++) {
                Path bare = work.resolve("bare" + i);
                Path ours = work.resolve("ours" + i);
                Map<String, Double> their = trial("first", bare, jars, List.of());
                Map<String, Double> our = trial("first", ours, jars, List.of("base"));
                for (String phase : List.of("install", "resolve", "start", "all")) {
                    add(rows, "first: " + phase, our.get(phase), their.get(phase));
                }
                for (int again = 0; again < 2; again++) {
                    double theirStart = trial("again", bare, jars, List.of()).get("again");
                    double ourStart =
                            trial("again", ours, jars, List.of("base")).get("again");
                    add(rows, "second start, framework with all it stored", ourStart, theirStart);
                }
                Folders.delete(bare);
                Folders.delete(ours);
            }
            return rows;
        } finally {
            Folders.delete(work);
        }
    }

    /** With TensorFlow: what a trial load of each library adds at the first start, and that it is not paid again. */
    void probed(int count) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("opgraft-bench");
        try {
            Path jars = work.resolve("jars");
            new BenchBundles(library).write(jars, count);
            Path data = work.resolve("data");
            double first =
                    trial("first", data, jars, List.of("base", "tensorflow")).get("all");
            double again =
                    trial("again", data, jars, List.of("base", "tensorflow")).get("again");
            out.printf(
                    java.util.Locale.ROOT,
                    "with TensorFlow, %d libraries: first start %.0f ms (%.0f ms per library), second start %.0f ms%n",
                    count,
                    first,
                    first / count,
                    again);
        } finally {
            Folders.delete(work);
        }
    }

    private static void add(Map<String, Samples> rows, String name, double our, double their) {
        rows.computeIfAbsent(name, key -> new Samples()).add(our, their);
    }

    private Map<String, Double> trial(String phase, Path storage, Path jars, List<String> features)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + home.resolve("conf/logback.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                StartTrial.class.getName(),
                phase,
                storage.toString(),
                jars.toString(),
                home.toString()));
        command.addAll(features);
        // The product logs as it always does, but not to a terminal.
        Path log = Files.createDirectories(storage).resolve("log.txt");
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the trial " + command + " failed:\n" + Files.readString(log));
        }
        Map<String, Double> times = new HashMap<>();
        String last = text.lines().reduce((a, b) -> b).orElse("");
        for (String time : last.split(" ", -1)) {
            int equals = time.indexOf('=');
            times.put(time.substring(0, equals), Double.valueOf(time.substring(equals + 1)));
        }
        return times;
    }
}
