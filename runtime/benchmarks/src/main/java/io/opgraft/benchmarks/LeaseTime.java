package io.opgraft.benchmarks;

import io.opgraft.benchmarks.call.CallSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.osgi.framework.ServiceReference;

/** A lease on the instance of a model, taken and given back, in a running framework. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LeaseTime {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private Path work;
    private OpFramework framework;
    private Runnable lease;

    /** Starts a framework with the identity model. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        work = Files.createTempDirectory("opgraft-bench");
        Path home = Path.of(System.getProperty("opgraft.home"));
        String models = System.getProperty("opgraft.benchmarks.models");
        framework = new OpFramework(work.resolve("data"), home, List.of("base", "tensorflow"), CallBundles.SHARED);
        framework.start();
        framework.installProduct("io.opgraft.models", Map.of("repositories", new String[] {models}));
        framework.install(List.of(CallBundles.inside(work))).get(0).start();
        CallSide side = side("lease");
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (lease == null) {
            try {
                Runnable made = side.prepare(
                        InferRequest.MODEL, new long[] {1}, ByteBuffer.allocate(0), ByteBuffer.allocate(0));
                made.run();
                lease = made;
            } catch (IllegalStateException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private CallSide side(String name) throws Exception {
        for (ServiceReference<CallSide> found : framework.context().getServiceReferences(CallSide.class, null)) {
            if (name.equals(found.getProperty(CallSide.NAME))) {
                return framework.context().getService(found);
            }
        }
        throw new IllegalStateException("there is no side " + name);
    }

    /** Takes it by the model's name and gives it back. */
    @Benchmark
    public void takeAndGiveBack() {
        lease.run();
    }

    /** Stops it. */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        framework.close();
        deleteWork();
    }

    private void deleteWork() throws IOException {
        Folders.delete(work);
    }
}
