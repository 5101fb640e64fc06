package io.opgraft.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.List;

/** Many clients for minutes: every answer is compared with the first, and the server's memory is watched. */
final class LongRun {
    private static final int CLIENTS = 64;
    private static final int SCRATCH = 1 << 18;
    private static final int KIB = 1024 / Float.BYTES;
    /** Most failures before it is of no use to go on. */
    private static final int HOPELESS = 100;
    /** The first part, in which pools and the heap reach their size, says nothing of growth. */
    private static final double GROWN_UP = 0.5;

    private static final double MOST_GROWTH_MEBIBYTES = 16;

    private final Path home;
    private final Path models;

    private long answers;
    private long failures;

    LongRun(Path home, Path models) {
        this.home = home;
        this.models = models;
    }

    private record Workload(String name, InferRequest request) {}

    /**
     * Runs one workload after the other on one server.
     *
     * @param seconds for each
     * @param work a folder of its own
     */
    void measure(double seconds, Path work, FigureTable table) throws IOException {
        List<Workload> workloads = List.of(
                new Workload("1 KB binary", InferRequest.binary(KIB)),
                new Workload("1 MB binary", InferRequest.binary(1024 * KIB)),
                new Workload("JSON, 16,384 floats", InferRequest.json(64 * KIB)));
        try (Side server = Side.ours(home, work, models)) {
            for (Workload workload : workloads) {
                byte[] first =
                        LoadConnection.ask(server.address(), workload.request().wire());
                if (!workload.request().isAnsweredBy(first)) {
                    throw new IOException("the server answers " + workload.name() + " wrongly");
                }
                double growth = run(server, workload.request().wire(), first, seconds);
                String name = workload.name() + ", " + CLIENTS + " clients, " + Math.round(seconds) + " s";
                table.add("long", name, "answers", List.of((double) answers), Goal.atLeast(1));
                table.add("long", name, "failed or wrong", List.of((double) failures), Goal.atMost(0));
                table.add(
                        "long",
                        name + ", resident memory in the second half",
                        "MiB more",
                        List.of(growth),
                        Goal.atMost(MOST_GROWTH_MEBIBYTES));
            }
        }
    }

    /** MiB that the server's resident memory grew by in the second half. */
    private double run(Side server, ByteBuffer request, byte[] expected, double seconds) throws IOException {
        answers = 0;
        failures = 0;
        long begin = System.nanoTime();
        double settled = Double.NaN;
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < CLIENTS; i++) {
                connect(server.address(), request, expected, selector);
            }
            ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
            for (double past = 0; past < seconds; past = (System.nanoTime() - begin) / 1e9) {
                if (Double.isNaN(settled) && past > GROWN_UP * seconds) {
                    settled = server.residentMebibytes();
                }
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    LoadConnection connection = (LoadConnection) key.attachment();
                    try {
                        connection.proceed(scratch);
                    } catch (IOException e) {
                        failed(e);
                        connection.close();
                        connect(server.address(), request, expected, selector);
                    }
                }
                selector.selectedKeys().clear();
            }
            double growth = server.residentMebibytes() - settled;
            for (SelectionKey key : selector.keys()) {
                ((LoadConnection) key.attachment()).close();
            }
            return growth;
        }
    }

    private void connect(InetSocketAddress address, ByteBuffer request, byte[] expected, Selector selector)
            throws IOException {
        new LoadConnection(address, request, expected, this::answered).begin(selector);
    }

    private void answered(LoadConnection connection, long nanos) throws IOException {
        connection.checkOk();
        answers++;
        connection.send();
    }

    private void failed(IOException e) throws IOException {
        failures++;
        if (failures == HOPELESS) {
            throw new IOException(HOPELESS + " of " + answers + " requests failed; the last", e);
        }
    }
}
