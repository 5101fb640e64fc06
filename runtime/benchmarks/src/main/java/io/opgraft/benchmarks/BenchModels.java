package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;

/** Models that are written when they are needed, with weights from a fixed seed. */
final class BenchModels {
    /** A convolutional net of the size of LeNet, for pictures of 28 by 28 points and ten classes. */
    static final String CNN = "bench_cnn";

    /** Two products with matrices of 16 MiB each: more than a processor's own caches hold. */
    static final String MATMUL = "bench_matmul";

    private static final long[] PICTURE = {28, 28, 1};
    private static final int WIDTH = 1024;
    private static final int HIDDEN = 4096;
    private static final int CLASSES = 10;
    private static final int MAX_BATCH = 64;

    private final Path repository;

    /** Writes into a model repository. */
    BenchModels(Path repository) {
        this.repository = repository;
    }

    /** The shape of one request for a model of these, the batch of one included. */
    static long[] shape(String model) {
        return model.startsWith(CNN) ? new long[] {1, 28, 28, 1} : new long[] {1, WIDTH};
    }

    /** Floats of the answer to it. */
    static int answer(String model) {
        return model.startsWith(CNN) ? CLASSES : WIDTH;
    }

    /** Adds the net. */
    void cnn(String name, boolean batching) throws IOException {
        Random random = new Random(1);
        byte[] graph = new GraphWriter()
                .placeholder("INPUT0", -1, 28, 28, 1)
                .constant("filter1", weights(random, 5 * 5 * 8, 25), 5, 5, 1, 8)
                .constant("filter2", weights(random, 5 * 5 * 8 * 16, 200), 5, 5, 8, 16)
                .constant("dense", weights(random, 7 * 7 * 16 * CLASSES, 784), 7 * 7 * 16, CLASSES)
                .integers("flat", -1, 7 * 7 * 16)
                .convolution("conv1", "INPUT0", "filter1")
                .simple("relu1", "Relu", "conv1")
                .pool("pool1", "relu1")
                .convolution("conv2", "pool1", "filter2")
                .simple("relu2", "Relu", "conv2")
                .pool("pool2", "relu2")
                .reshape("flattened", "pool2", "flat")
                .simple("logits", "MatMul", "flattened", "dense")
                .simple("OUTPUT0", "Softmax", "logits")
                .finish();
        write(name, graph, PICTURE, CLASSES, batching);
    }

    /** Adds the two products. */
    void matmul(String name, boolean batching) throws IOException {
        Random random = new Random(1);
        byte[] graph = new GraphWriter()
                .placeholder("INPUT0", -1, WIDTH)
                .constant("up", weights(random, WIDTH * HIDDEN, WIDTH), WIDTH, HIDDEN)
                .constant("down", weights(random, HIDDEN * WIDTH, HIDDEN), HIDDEN, WIDTH)
                .simple("hidden", "MatMul", "INPUT0", "up")
                .simple("active", "Relu", "hidden")
                .simple("OUTPUT0", "MatMul", "active", "down")
                .finish();
        write(name, graph, new long[] {WIDTH}, WIDTH, batching);
    }

    /** Adds one op of an op bundle, which gives back its floats. */
    void custom(String name, String op, int length) throws IOException {
        byte[] graph = new GraphWriter()
                .placeholder("INPUT0", length)
                .custom("computed", op, "INPUT0")
                .simple("OUTPUT0", "Identity", "computed")
                .finish();
        write(name, graph, 0, new long[] {length}, length, false);
    }

    private void write(String name, byte[] graph, long[] dimensions, int answer, boolean batching) throws IOException {
        write(name, graph, MAX_BATCH, dimensions, answer, batching);
    }

    private void write(String name, byte[] graph, int maxBatch, long[] dimensions, int answer, boolean batching)
            throws IOException {
        Path folder = Files.createDirectories(repository.resolve(name));
        String config = "platform: \"tensorflow_graphdef\"\nmax_batch_size: " + maxBatch + "\n"
                + "input { name: \"INPUT0\" data_type: TYPE_FP32 dims: [ "
                + Arrays.stream(dimensions).mapToObj(Long::toString).collect(Collectors.joining(", ")) + " ] }\n"
                + "output { name: \"OUTPUT0\" data_type: TYPE_FP32 dims: [ " + answer + " ] }\n"
                + (batching ? "dynamic_batching { }\n" : "");
        Files.writeString(folder.resolve("config.pbtxt"), config);
        Files.write(Files.createDirectories(folder.resolve("1")).resolve("model.graphdef"), graph);
    }

    /** Weights that keep the size of what they are applied to. */
    private static float[] weights(Random random, int count, int inputs) {
        float[] values = new float[count];
        float scale = (float) Math.sqrt(2.0 / inputs);
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * scale;
        }
        return values;
    }
}
