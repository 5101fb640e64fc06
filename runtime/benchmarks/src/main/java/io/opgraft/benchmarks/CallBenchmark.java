package io.opgraft.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Rows P8 and P9: what the product adds to a call of TensorFlow, without HTTP and with it. */
final class CallBenchmark {
    private static final int CONNECTIONS = 16;
    private static final float TOLERANCE = 1e-4f;

    private final Path home;
    private final Path models;

    /**
     * The product.
     *
     * @param home the distribution
     * @param models repository with the identity model
     */
    CallBenchmark(Path home, Path models) {
        this.home = home;
        this.models = models;
    }

    /** An identity through the product's services and through the C API, in one process, by one thread. */
    void inProcess(HttpBenchmark.Times times, int pairs, Path work, FigureTable table) throws IOException {
        try (CallProcess calls = new CallProcess(home, work.resolve("p8"), models)) {
            for (boolean large : new boolean[] {false, true}) {
                long[] shape = {large ? 262_144 : 256};
                Goal goal = Goal.atMost(large ? 1.05 : 1.5);
                Samples serving = new Samples();
                Samples backend = new Samples();
                String[] sides = {"serving", "raw", "backend"};
                for (String side : sides) {
                    if (!Arrays.equals(
                            calls.once(side, InferRequest.MODEL, shape), InferRequest.values((int) shape[0]))) {
                        throw new IOException("calls through " + side + " answer wrongly");
                    }
                    calls.run(side, InferRequest.MODEL, shape, 1, times.first());
                }
                for (int pair = 0; pair < pairs; pair++) {
                    double[] micros = new double[sides.length];
                    for (int i = 0; i < sides.length; i++) {
                        // Nobody is always the first.
                        int turn = (i + pair) % sides.length;
                        micros[turn] = calls.run(sides[turn], InferRequest.MODEL, shape, 1, times.counted())
                                .p50Micros();
                    }
                    serving.add(micros[0], micros[1]);
                    backend.add(micros[2], micros[1]);
                }
                String size = large ? "1 MB" : "1 KB";
                table.add("p8", "identity " + size + " in-process, a request each / raw call", "us", serving, goal);
                table.add("p8", "identity " + size + " in-process, a leased model / raw call", "us", backend, goal);
            }
        }
    }

    /** A small net over HTTP, and as many raw calls at a time as there are processors. */
    void net(HttpBenchmark.Times times, int pairs, Path work, FigureTable table)
            throws IOException, InterruptedException {
        Path repository = Files.createDirectories(work.resolve("p9-models"));
        new BenchModels(repository).cnn(BenchModels.CNN, false);
        long[] shape = BenchModels.shape(BenchModels.CNN);
        ByteBuffer request = InferRequest.binary(BenchModels.CNN, shape).wire();
        int threads = Runtime.getRuntime().availableProcessors();
        Samples cpu = new Samples();
        Samples rate = new Samples();
        try (Side ours = Side.ours(home, work.resolve("p9"), repository);
                CallProcess calls = new CallProcess(home, work.resolve("p9"), repository)) {
            InetSocketAddress address = ours.address();
            check(
                    InferRequest.floats(LoadConnection.ask(address, request), BenchModels.answer(BenchModels.CNN)),
                    calls.once("raw", BenchModels.CNN, shape));
            new Load(address, request, CONNECTIONS).warm(times.cold(), ours::cpuSeconds);
            calls.run("raw", BenchModels.CNN, shape, threads, times.first());
            for (int pair = 0; pair < pairs; pair++) {
                CallProcess.Result raw = null;
                if (pair % 2 == 1) {
                    raw = calls.run("raw", BenchModels.CNN, shape, threads, times.counted());
                }
                Load.Result served =
                        new Load(address, request, CONNECTIONS).run(times.warm(), times.counted(), ours::cpuSeconds);
                if (raw == null) {
                    raw = calls.run("raw", BenchModels.CNN, shape, threads, times.counted());
                }
                cpu.add(served.cpuMicros(), raw.cpuMicros());
                rate.add(served.rate(), raw.rate());
            }
        }
        table.add("p9", "small CNN over HTTP, 16 connections / raw calls", "CPU-us", cpu, Goal.atMost(1.7));
        table.add("p9", "the same", "per s", rate, null);
    }

    private static void check(float[] answer, float[] expected) throws IOException {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(answer[i] - expected[i]) <= TOLERANCE)) {
                throw new IOException(
                        "the net answers " + Arrays.toString(answer) + ", the raw call " + Arrays.toString(expected));
            }
        }
    }
}
