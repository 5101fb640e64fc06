package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The product with one model whose op is that of a bundle, and a shell through which the bundle is updated. */
final class SwapServer implements AutoCloseable {
    private static final String MODEL = "bench_swap";
    private static final int LENGTH = 256;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final BenchBundles bundles;
    private final Path jars;
    private final Side side;
    private final ShellClient shell;
    private String bundle;

    /** Starts it, with version 0 of the bundle. */
    SwapServer(Path home, Path library, Path work, String javaOptions) throws IOException {
        Path repository = Files.createDirectories(work.resolve("models"));
        new BenchModels(repository).custom(MODEL, BenchBundles.op(0, 0), LENGTH);
        bundles = new BenchBundles(library);
        jars = Files.createDirectories(work.resolve("jars"));
        side = Side.oursWith(javaOptions, home, work, repository);
        shell = new ShellClient(work.resolve("data"));
        bundle = shell.run("install " + jar(0)).replaceAll("\\D", "");
        shell.run("start " + bundle);
    }

    Side side() {
        return side;
    }

    /** A request for the model. */
    static ByteBuffer request() {
        return InferRequest.binary(MODEL, LENGTH).wire();
    }

    /** Waits until the model answers. */
    void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        InferRequest request = InferRequest.binary(MODEL, LENGTH);
        while (true) {
            try {
                if (request.isAnsweredBy(LoadConnection.ask(side.address(), request.wire()))) {
                    return;
                }
                throw new IllegalStateException(MODEL + " answers wrongly");
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    /** Updates the bundle; the model follows when it is ready. */
    void update(int version) throws IOException {
        shell.run("update " + bundle + " " + jar(version));
    }

    /** Waits until answers come from a version. */
    static void await(SwapTrace trace, int version) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (trace.latest() < version) {
            if (System.nanoTime() > end) {
                throw new IOException("version " + version + " of the op bundle does not answer within a minute");
            }
            Thread.sleep(2);
        }
    }

    private String jar(int version) throws IOException {
        Path jar = jars.resolve("bench-" + version + ".jar");
        bundles.writeVersion(jar, version);
        return jar.toUri().toString();
    }

    @Override
    public void close() throws IOException {
        try {
            shell.close();
        } finally {
            side.close();
        }
    }
}
