package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows P1 to P5: the product, the bare handler and perhaps another server, under the same load in turn. */
final class HttpBenchmark {
    private static final int HEAP_FLOATS = 262_144;

    private final Path home;
    private final Path models;

    /**
     * The two sides.
     *
     * @param home the distribution
     * @param models repository with the identity model
     */
    HttpBenchmark(Path home, Path models) {
        this.home = home;
        this.models = models;
    }

    /**
     * How long the parts of a line take, in seconds.
     *
     * @param cold before all lines, for each side
     * @param first before its first pair, for each side
     * @param warm before each run
     * @param counted each run
     */
    record Times(double cold, double first, double warm, double counted) {
        static final Times QUICK = new Times(3, 1, 0.2, 0.8);
        static final Times FULL = new Times(10, 2, 0.3, 1.2);
    }

    /** Runs the lines and adds them to a report. */
    void run(List<HttpCase> cases, Times times, int pairs, String against, Path work, Report report)
            throws IOException, InterruptedException {
        try (Side ours = Side.ours(home, work.resolve("ours"), models);
                Side bare = Side.bare(home, work.resolve("bare"))) {
            List<Side> sides = new ArrayList<>(List.of(ours, bare));
            if (against != null) {
                sides.add(Side.other(against));
            }
            // The compilers' first work is not that of the first line.
            HttpCase any = HttpCase.ALL.get(1);
            for (Side side : sides) {
                load(side, any, any.request()).run(0, times.cold(), side::cpuSeconds);
            }
            HttpTable table = new HttpTable(against != null);
            for (HttpCase line : cases) {
                InferRequest request = line.request();
                for (Side side : sides) {
                    check(side, line, request);
                }
                table.add(line, measure(line, request, sides, times, pairs));
                report.progress(table.last());
            }
            // After all that is timed, since the question starts threads in the server.
            for (HttpCase line : cases) {
                if (!line.json() && line.floats() >= HEAP_FLOATS) {
                    table.heap(line, heapPerRequest(ours, line, times));
                }
            }
            report.add(table);
        }
    }

    private static void check(Side side, HttpCase line, InferRequest request) throws IOException {
        if (!request.isAnsweredBy(LoadConnection.ask(side.address(), request.wire()))) {
            throw new IOException(side.name() + " at " + side.address() + " answers wrongly: " + line.name());
        }
    }

    private static Map<String, HttpFigures> measure(
            HttpCase line, InferRequest request, List<Side> sides, Times times, int pairs)
            throws IOException, InterruptedException {
        Map<String, HttpFigures> figures = new LinkedHashMap<>();
        for (Side side : sides) {
            figures.put(side.name(), new HttpFigures());
            load(side, line, request).run(0, times.first(), side::cpuSeconds);
        }
        for (int pair = 0; pair < pairs; pair++) {
            for (int i = 0; i < sides.size(); i++) {
                // Nobody is always the first.
                Side side = sides.get((i + pair) % sides.size());
                figures.get(side.name())
                        .add(load(side, line, request).run(times.warm(), times.counted(), side::cpuSeconds));
            }
        }
        return figures;
    }

    private static double heapPerRequest(Side side, HttpCase line, Times times)
            throws IOException, InterruptedException {
        try (HeapGauge heap = new HeapGauge(side.pid())) {
            // In place of processor seconds bytes are read, which come back as millionths.
            return load(side, line, line.request())
                            .run(times.warm(), times.counted(), heap::allocated)
                            .cpuMicros()
                    / 1e6;
        }
    }

    private static Load load(Side side, HttpCase line, InferRequest request) {
        return new Load(side.address(), request.wire(), line.connections());
    }
}
