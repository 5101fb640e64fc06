package io.opgraft.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Rows P12 and P14: what clients notice of an op bundle that is updated again and again, and what is left of old versions. */
final class SwapBenchmark {
    private static final int CLIENTS = 64;
    private static final int FEW_CLIENTS = 4;
    private static final double SETTLED_SECONDS = 3;
    private static final String FIXED_HEAP = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch";
    private static final String LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";

    private final Path home;
    private final Path library;

    /**
     * The product.
     *
     * @param home the distribution
     * @param library the op library that the build compiled
     */
    SwapBenchmark(Path home, Path library) {
        this.home = home;
        this.library = library;
    }

    /** Updates at fixed intervals under the load of 64 clients. */
    void underLoad(int swaps, double everySeconds, double warmSeconds, Path work, FigureTable table)
            throws IOException, InterruptedException {
        SwapTrace trace = new SwapTrace(true);
        long[][] windows = new long[swaps][];
        try (SwapServer server = new SwapServer(home, library, work.resolve("p12"), "")) {
            server.awaitReady();
            // The compilers' first work is not that of the first swap.
            new Load(server.side().address(), SwapServer.request(), CLIENTS)
                    .warm(warmSeconds, server.side()::cpuSeconds);
            try (LoadLoop load = load(server, CLIENTS, trace)) {
                load.await(2 * everySeconds);
                long begin = System.nanoTime();
                for (int i = 0; i < swaps; i++) {
                    load.await(begin / 1e9 + i * everySeconds - System.nanoTime() / 1e9);
                    windows[i] = new long[] {System.nanoTime(), 0};
                    server.update(i + 1);
                }
                SwapServer.await(trace, swaps);
                load.await(everySeconds);
            }
        }
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < swaps; i++) {
            windows[i][1] = trace.switched(i + 1);
            seconds.add((windows[i][1] - windows[i][0]) / 1e9);
        }
        String what = swaps + " updates, 64 clients: ";
        table.add("p12", what + "failed requests", "", List.of((double) trace.failed()), Goal.atMost(0));
        Samples p99 = new Samples();
        p99.add(trace.p99Millis(windows, true), trace.p99Millis(windows, false));
        table.add("p12", what + "p99 from update to switch / else", "ms", p99, Goal.atMost(1.5));
        table.add(
                "p12",
                what + "longest time without an answer from update to switch",
                "ms",
                List.of(trace.longestGapMillis(windows, true)),
                Goal.atMost(100));
        table.add("p12", what + "the same else", "ms", List.of(trace.longestGapMillis(windows, false)), null);
        table.add("p12", what + "from update to switch", "s", seconds, null);
    }

    /** Updates as fast as the model follows, with few clients. */
    void growth(int first, int swaps, Path work, FigureTable table) throws IOException, InterruptedException {
        SwapTrace trace = new SwapTrace(false);
        try (SwapServer server = new SwapServer(home, library, work.resolve("p14"), FIXED_HEAP)) {
            server.awaitReady();
            try (LoadLoop load = load(server, FEW_CLIENTS, trace)) {
                SwapServer.await(trace, 0);
                int loaders = loaders(server.side());
                swap(server, trace, 1, first);
                load.await(SETTLED_SECONDS);
                double before = resident(server.side());
                swap(server, trace, first + 1, first + swaps);
                load.await(SETTLED_SECONDS);
                double grown = (resident(server.side()) - before) * 1024 / swaps;
                int left = loaders(server.side()) - loaders;
                String what = swaps + " swaps after " + first + ": ";
                table.add("p14", what + "growth of resident memory for each", "KiB", List.of(grown), Goal.atMost(64));
                table.add("p14", what + "class loaders left over", "", List.of((double) left), Goal.atMost(0));
                table.add("p14", what + "failed requests", "", List.of((double) trace.failed()), Goal.atMost(0));
            }
        }
    }

    private static void swap(SwapServer server, SwapTrace trace, int from, int to)
            throws IOException, InterruptedException {
        for (int version = from; version <= to; version++) {
            server.update(version);
            SwapServer.await(trace, version);
        }
    }

    private static LoadLoop load(SwapServer server, int clients, SwapTrace trace) {
        return new LoadLoop(server.side().address(), SwapServer.request(), clients, trace, trace::broke).start();
    }

    /** After a collection, so that what waits for one is not counted. */
    private static double resident(Side side) throws IOException, InterruptedException {
        jcmd(side, "GC.run");
        return side.residentMebibytes();
    }

    /** Class loaders of bundles that are alive after a collection. */
    private static int loaders(Side side) throws IOException, InterruptedException {
        int sum = 0;
        for (String line : jcmd(side, "GC.class_histogram")) {
            String[] words = line.trim().split("\\s+", -1);
            if (words.length > 3 && words[3].startsWith(LOADER)) {
                sum += Integer.parseInt(words[1]);
            }
        }
        if (sum == 0) {
            throw new IOException("the server has no " + LOADER);
        }
        return sum;
    }

    private static List<String> jcmd(Side side, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(side.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = reader.lines().toList();
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("jcmd " + command + ": " + lines);
            }
            return lines;
        }
    }
}
