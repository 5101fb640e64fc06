package io.opgraft.itests.gpu;

import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Lease;
import io.opgraft.models.Models;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.Serving;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/**
 * The bundle of the benchmark inside the server: the shell command {@code bench:calls}. {@code itests/gpu/run.py} packs it
 * and runs it in turn with a program that does the same as directly as TensorRT allows.
 */
public final class InProcess implements BundleActivator {
    private BundleContext context;

    @Override
    public void start(BundleContext started) {
        context = started;
        started.registerService(
                InProcess.class,
                this,
                FrameworkUtil.asDictionary(
                        Map.of("osgi.command.scope", "bench", "osgi.command.function", new String[] {"calls"})));
    }

    @Override
    public void stop(BundleContext stopped) {
        // the framework unregisters the command
    }

    /**
     * Calls a model with batch 1, one call after the other; the time of each is that of allocating the inputs, the run and
     * freeing everything.
     *
     * @param model its name
     * @param iterations how many calls are measured, after a tenth as many that are not
     * @param path {@code backend} holds one lease and calls the model itself; {@code serving} opens a request for each call
     * @return median and 99th percentile in microseconds
     * @throws Exception if a call fails
     */
    public String calls(String model, int iterations, String path) throws Exception {
        Call call = path.equals("backend") ? this::throughBackend : this::throughServing;
        call.times(model, iterations / 10 + 1);
        long[] nanos = call.times(model, iterations);
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT, "%.2f %.2f", nanos[nanos.length / 2] / 1e3, nanos[(int) (nanos.length * 99L / 100)] / 1e3);
    }

    private interface Call {
        long[] times(String model, int count) throws Exception;
    }

    private long[] throughBackend(String model, int count) throws Exception {
        long[] nanos = new long[count];
        try (Lease lease = service(Models.class).acquire(model, OptionalLong.empty())) {
            List<TensorSpec> inputs = lease.metadata().inputs();
            List<String> outputs =
                    lease.metadata().outputs().stream().map(TensorSpec::name).toList();
            List<Shape> shapes = inputs.stream().map(InProcess::single).toList();
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                Map<String, Tensor> tensors = new LinkedHashMap<>();
                for (int k = 0; k < inputs.size(); k++) {
                    TensorSpec input = inputs.get(k);
                    tensors.put(
                            input.name(),
                            lease.model().allocate(input.datatype(), shapes.get(k), bytes(input, shapes.get(k))));
                }
                Outputs answer = lease.model().run(tensors, outputs);
                answer.close();
                tensors.values().forEach(Tensor::close);
                nanos[i] = System.nanoTime() - start;
            }
        }
        return nanos;
    }

    private long[] throughServing(String model, int count) throws Exception {
        Serving serving = service(Serving.class);
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            try (InferenceRequest request = serving.open(model, OptionalLong.empty())) {
                for (TensorSpec input : request.metadata().inputs()) {
                    Shape shape = single(input);
                    request.input(input.name(), input.datatype(), shape, bytes(input, shape));
                }
                Outputs answer = request.run(List.of());
                if (answer.tensors().isEmpty()) {
                    throw new IllegalStateException(model + " gave no outputs");
                }
            }
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private static Shape single(TensorSpec input) {
        return Shape.of(Arrays.stream(input.shape().toArray())
                .map(dimension -> dimension < 0 ? 1 : dimension)
                .toArray());
    }

    private static long bytes(TensorSpec input, Shape shape) {
        return shape.elementCount() * input.datatype().size();
    }

    private <T> T service(Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        if (reference == null) {
            throw new IllegalStateException("there is no service " + type.getName());
        }
        return context.getService(reference);
    }
}
