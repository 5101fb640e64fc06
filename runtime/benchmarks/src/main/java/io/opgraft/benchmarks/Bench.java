package io.opgraft.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** {@code opgraft bench}: the rows that were asked for, one after the other, and one report. */
final class Bench {
    private static final int BUNDLES = 1000;
    private static final int FEW_BUNDLES = 100;
    private static final double SETTLED_SECONDS = 10;
    private static final double LONG_SECONDS = 180;
    private static final double QUICK_SECONDS = 3;

    private final Path home;
    private final Path library;
    private final Path models;
    private final PrintStream out;

    Bench(Path home, Path library, PrintStream out) {
        this.home = home;
        this.library = library;
        this.models = Path.of(System.getProperty("opgraft.benchmarks.models"));
        this.out = out;
    }

    void run(BenchOptions options) throws IOException, InterruptedException, RunnerException {
        Report report = new Report(out);
        Path work = Files.createTempDirectory("opgraft-bench");
        try {
            List<HttpCase> http = HttpCase.ALL.stream()
                    .filter(line -> options.rows().contains(line.row()))
                    .toList();
            if (!http.isEmpty()) {
                HttpBenchmark.Times times = options.quick() ? HttpBenchmark.Times.QUICK : HttpBenchmark.Times.FULL;
                new HttpBenchmark(home, models)
                        .run(http, times, options.pairs(), options.against(), work.resolve("http"), report);
            }
            FigureTable table = figures(options, work);
            if (table.hasAny()) {
                report.add(table);
            }
            report.finish(options, options.output());
        } finally {
            Folders.delete(work);
        }
    }

    private FigureTable figures(BenchOptions options, Path work)
            throws IOException, InterruptedException, RunnerException {
        FigureTable table = new FigureTable();
        HttpBenchmark.Times times = options.quick() ? HttpBenchmark.Times.QUICK : HttpBenchmark.Times.FULL;
        CallBenchmark calls = new CallBenchmark(home, models);
        if (options.rows().contains("p8")) {
            calls.inProcess(times, options.pairs(), work, table);
        }
        if (options.rows().contains("p9")) {
            calls.net(times, options.pairs(), work, table);
        }
        if (options.rows().contains("p10")) {
            new BatchingBenchmark(home).run(times, options.pairs(), work, table);
        }
        SwapBenchmark swaps = new SwapBenchmark(home, library);
        if (options.rows().contains("p12")) {
            swaps.underLoad(options.quick() ? 5 : 30, 2, times.cold(), work, table);
        }
        if (options.rows().contains("p14")) {
            swaps.growth(options.quick() ? 5 : 20, options.quick() ? 20 : 200, work, table);
        }
        if (options.rows().contains("overload")) {
            new OverloadBenchmark(home).run(options.quick(), options.pairs(), work, table);
        }
        if (options.rows().contains("p15")) {
            int count = options.quick() ? FEW_BUNDLES : BUNDLES;
            new StartBenchmark(home, library, out)
                    .measure(count, options.pairs())
                    .forEach((name, samples) ->
                            table.add("p15", count + " bundles, " + name, "ms", samples, Goal.atMost(1.5)));
        }
        if (options.rows().contains("p16")) {
            double nanos = LookUp.run(home, library, options.quick());
            table.add("p16", "look-up by name and range among 10,000 ops", "ns", List.of(nanos), Goal.atMost(1000));
        }
        if (options.rows().contains("p18")) {
            new ModelsBenchmark(home, models.resolve(InferRequest.MODEL)).run(options.pairs(), work, table);
        }
        ServerBenchmark server = new ServerBenchmark(home, models);
        if (options.rows().contains("p19")) {
            server.coldStart(options.pairs(), work, table);
        }
        if (options.rows().contains("p20")) {
            server.idle(options.pairs(), options.quick() ? 1 : SETTLED_SECONDS, work, table);
            new ModelsBenchmark(home, models.resolve(InferRequest.MODEL))
                    .memory(options.quick() ? 1 : 2, options.quick(), work, table);
        }
        if (options.rows().contains("long")) {
            new LongRun(home, models)
                    .measure(options.quick() ? QUICK_SECONDS : LONG_SECONDS, work.resolve("long"), table);
        }
        return table;
    }
}
