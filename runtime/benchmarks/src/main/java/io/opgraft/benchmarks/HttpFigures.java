package io.opgraft.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What one side showed in one line, run by run. */
final class HttpFigures {
    private final List<Load.Result> runs = new ArrayList<>();

    void add(Load.Result run) {
        runs.add(run);
    }

    Spread rate() {
        return spread(Load.Result::rate);
    }

    Spread cpu() {
        return spread(Load.Result::cpuMicros);
    }

    Spread p50() {
        return spread(Load.Result::p50Micros);
    }

    Spread p99() {
        return spread(Load.Result::p99Micros);
    }

    private Spread spread(ToDoubleFunction<Load.Result> figure) {
        return new Spread(runs.stream().mapToDouble(figure).boxed().toList());
    }
}
