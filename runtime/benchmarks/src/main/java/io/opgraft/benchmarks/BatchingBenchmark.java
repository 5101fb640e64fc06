package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Row P10: the same model with dynamic batching and without, in one server. The goals are for a model whose weights each run
 * has to read anew, so that a batch saves most of the work; of the net, whose work grows with the batch, only that batching
 * does not make it slower is asked.
 */
final class BatchingBenchmark {
    private static final String BATCHED = "_batched";
    private static final Goal NO_LOSS = Goal.atLeast(0.97);
    private static final float TOLERANCE = 1e-3f;

    private final Path home;

    BatchingBenchmark(Path home) {
        this.home = home;
    }

    void run(HttpBenchmark.Times times, int pairs, Path work, FigureTable table)
            throws IOException, InterruptedException {
        Path repository = Files.createDirectories(work.resolve("p10-models"));
        BenchModels models = new BenchModels(repository);
        models.matmul(BenchModels.MATMUL, false);
        models.matmul(BenchModels.MATMUL + BATCHED, true);
        models.cnn(BenchModels.CNN, false);
        models.cnn(BenchModels.CNN + BATCHED, true);
        try (Side ours = Side.ours(home, work.resolve("p10"), repository)) {
            for (String model : new String[] {BenchModels.MATMUL, BenchModels.CNN}) {
                check(ours, model);
                for (String name : new String[] {model, model + BATCHED}) {
                    load(ours, name, 16).warm(times.cold(), ours::cpuSeconds);
                }
                for (int clients : new int[] {1, 16, 64, 256}) {
                    compare(ours, model, clients, times, pairs, table);
                }
            }
        }
    }

    private static void compare(
            Side ours, String model, int clients, HttpBenchmark.Times times, int pairs, FigureTable table)
            throws IOException, InterruptedException {
        Samples rates = new Samples();
        for (int pair = 0; pair < pairs; pair++) {
            double[] rate = new double[2];
            for (int i = 0; i < 2; i++) {
                // Nobody is always the first.
                boolean batched = (i + pair) % 2 == 0;
                rate[batched ? 0 : 1] = load(ours, batched ? model + BATCHED : model, clients)
                        .run(times.warm(), times.counted(), ours::cpuSeconds)
                        .rate();
            }
            rates.add(rate[0], rate[1]);
        }
        boolean net = model.equals(BenchModels.CNN);
        table.add(
                "p10",
                (net ? "small CNN" : "two products of 16 MiB") + ", " + clients
                        + (clients == 1 ? " client" : " clients") + ": batching on / off",
                "req/s",
                rates,
                net || clients == 1 ? NO_LOSS : Goal.atLeast(clients == 16 ? 1.3 : 1.5));
    }

    private static void check(Side ours, String model) throws IOException {
        int count = BenchModels.answer(model);
        float[] alone = InferRequest.floats(LoadConnection.ask(ours.address(), request(model)), count);
        float[] batched = InferRequest.floats(LoadConnection.ask(ours.address(), request(model + BATCHED)), count);
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(alone[i] - batched[i]) <= TOLERANCE)) {
                throw new IOException(model + " answers differently with batching");
            }
        }
    }

    private static Load load(Side ours, String model, int clients) {
        return new Load(ours.address(), request(model), clients);
    }

    private static ByteBuffer request(String model) {
        return InferRequest.binary(model, BenchModels.shape(model)).wire();
    }
}
