package io.opgraft.benchmarks;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Row P16: the op library that defines an op, by name and version range, in the op index of a running framework. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class LookUp {
    // A prime, so that a walk over the names does not repeat before all were asked for.
    private static final int NAMES = 8191;

    /** Bundles with ten ops each. */
    @Param("1000")
    private int bundles;

    private Path work;
    private OpFramework framework;
    private MethodHandle providers;
    private MethodHandle version;
    private final String[] names = new String[NAMES];
    private final VersionRange range = new VersionRange("[1.2,2)");
    private int next;

    /** Runs it in JVMs of its own; nanoseconds for each look-up. */
    static double run(Path home, Path library, boolean quick) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(LookUp.class.getName())
                .jvmArgsAppend("-Dopgraft.home=" + home, "-Dopgraft.benchmarks.library=" + library);
        if (quick) {
            options.forks(1);
        }
        return new Runner(options.build()).runSingle().getPrimaryResult().getScore();
    }

    /** Starts a framework with the op bundles. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        work = Files.createTempDirectory("opgraft-bench");
        framework = new OpFramework(work.resolve("data"), Path.of(System.getProperty("opgraft.home")), List.of("base"));
        framework.start();
        framework.installProduct();
        Path library = Path.of(System.getProperty("opgraft.benchmarks.library"));
        for (var bundle : framework.install(new BenchBundles(library).write(work.resolve("jars"), bundles))) {
            bundle.start();
        }
        framework.awaitUsable(bundles);
        Object index = framework.index();
        Class<?> api = OpFramework.api(index);
        Class<?> provider = Class.forName("io.opgraft.ops.OpProvider", false, api.getClassLoader());
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        // Handles with exact types cost what a direct call costs; the classes are those of the bundle.
        providers = lookup.findVirtual(api, "providers", MethodType.methodType(List.class, String.class, String.class))
                .bindTo(index);
        version = lookup.findVirtual(provider, "version", MethodType.methodType(Version.class))
                .asType(MethodType.methodType(Version.class, Object.class));
        Random random = new Random(1);
        for (int i = 0; i < NAMES; i++) {
            names[i] = BenchBundles.op(random.nextInt(bundles), random.nextInt(BenchBundles.OPS));
        }
    }

    /** The highest version within the range. */
    @Benchmark
    public Object byNameAndRange() throws Throwable {
        next = next + 1 == NAMES ? 0 : next + 1;
        List<?> found = (List<?>) providers.invokeExact("tensorflow", names[next]);
        for (Object candidate : found) {
            if (range.includes((Version) version.invokeExact(candidate))) {
                return candidate;
            }
        }
        throw new IllegalStateException("no " + names[next]);
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
