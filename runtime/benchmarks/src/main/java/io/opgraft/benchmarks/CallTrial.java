package io.opgraft.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.opgraft.benchmarks.call.CallSide;
import io.opgraft.benchmarks.raw.RawCalls;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/**
 * One JVM with the product's framework and no HTTP, in which models are called through its services and through TensorFlow's
 * C API. Prints {@link #READY}; then each line of input, {@code SIDE MODEL THREADS SECONDS DIMENSION...}, is answered with
 * one: calls per second, median and 99th percentile of their microseconds, CPU-us per call; with {@code 0} seconds the floats
 * of one answer.
 */
public final class CallTrial {
    static final String READY = "READY";

    private static final long START_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_TIMES = 1 << 20;
    private static final int LEAST_OUTPUT = 1 << 16;

    private final Map<String, CallSide> sides = new HashMap<>();
    private volatile boolean ended;

    private CallTrial() {}

    /**
     * Runs it until the end of the input.
     *
     * @param arguments storage folder, distribution, model repository
     */
    public static void main(String[] arguments) throws Exception {
        Path storage = Path.of(arguments[0]);
        Path repository = Path.of(arguments[2]);
        CallTrial trial = new CallTrial();
        try (OpFramework framework =
                new OpFramework(storage, Path.of(arguments[1]), List.of("base", "tensorflow"), CallBundles.SHARED)) {
            framework.start();
            // The fragment before its host is resolved.
            framework.install(List.of(CallBundles.raw(storage)));
            framework.installProduct("io.opgraft.models", Map.of("repositories", new String[] {repository.toString()}));
            framework.install(List.of(CallBundles.inside(storage))).get(0).start();
            trial.find(framework, repository);
            trial.answer();
        }
        System.exit(0);
    }

    private void find(OpFramework framework, Path repository) throws Exception {
        for (ServiceReference<CallSide> found : framework.context().getServiceReferences(CallSide.class, null)) {
            sides.put(
                    (String) found.getProperty(CallSide.NAME),
                    framework.context().getService(found));
        }
        for (Bundle bundle : framework.context().getBundles()) {
            if (bundle.getSymbolicName().equals("io.opgraft.tensorflow")) {
                sides.put("raw", (CallSide) bundle.loadClass(RawCalls.class.getName())
                        .getConstructor(Path.class)
                        .newInstance(repository));
            }
        }
    }

    private void answer() throws Exception {
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println(READY);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            String[] words = line.split(" ", -1);
            CallSide side = sides.get(words[0]);
            int threads = Integer.parseInt(words[2]);
            double seconds = Double.parseDouble(words[3]);
            long[] shape =
                    Arrays.stream(words).skip(4).mapToLong(Long::parseLong).toArray();
            System.out.println(
                    seconds == 0 ? once(side, words[1], shape) : run(side, words[1], shape, threads, seconds));
        }
    }

    /** The first call waits until the model is ready. */
    private static String once(CallSide side, String model, long[] shape) throws Exception {
        long end = System.nanoTime() + START_NANOS;
        ByteBuffer output = output(shape);
        while (true) {
            try {
                side.prepare(model, shape, input(shape), output).run();
                break;
            } catch (Exception e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
        StringJoiner floats = new StringJoiner(" ");
        for (output.flip(); output.hasRemaining(); ) {
            floats.add(Float.toString(output.getFloat()));
        }
        return floats.toString();
    }

    private String run(CallSide side, String model, long[] shape, int threads, double seconds) throws Exception {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            callers.add(new Caller(side.prepare(model, shape, input(shape), output(shape))));
        }
        ended = false;
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        callers.forEach(Thread::start);
        Thread.sleep(Math.round(seconds * 1000));
        ended = true;
        long calls = 0;
        for (Caller caller : callers) {
            caller.join();
            calls += caller.calls;
        }
        double took = (System.nanoTime() - begin) / 1e9;
        double used = (system.getProcessCpuTime() - cpu) / 1e3;
        long[] times = callers.get(0).sorted();
        return calls / took + " " + times[times.length / 2] / 1e3 + " " + times[(int) (times.length * 0.99)] / 1e3 + " "
                + used / calls;
    }

    private static ByteBuffer input(long[] shape) {
        float[] values = InferRequest.values((int) Arrays.stream(shape).reduce(1, Math::multiplyExact));
        ByteBuffer input =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        input.asFloatBuffer().put(values);
        return input;
    }

    private static ByteBuffer output(long[] shape) {
        return ByteBuffer.allocateDirect(Math.max(LEAST_OUTPUT, input(shape).capacity()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Calls without a pause until the end. */
    private final class Caller extends Thread {
        private final Runnable call;
        private final long[] nanos = new long[MOST_TIMES];
        private int calls;

        Caller(Runnable call) {
            super("caller");
            this.call = call;
        }

        @Override
        public void run() {
            long before = System.nanoTime();
            while (!ended) {
                call.run();
                long now = System.nanoTime();
                nanos[calls++ % MOST_TIMES] = now - before;
                before = now;
            }
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(nanos, Math.min(calls, MOST_TIMES));
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
