package io.opgraft.benchmarks.inside;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.benchmarks.call.CallSide;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.Serving;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** Registers sides: {@code serving} opens a request for each call, {@code backend} calls a leased model, {@code lease} runs none. */
public final class Calls implements BundleActivator {
    private static final String INPUT = "INPUT0";
    private static final List<String> OUTPUTS = List.of("OUTPUT0");

    private BundleContext context;

    @Override
    public void start(BundleContext started) {
        context = started;
        register("serving", this::throughServing);
        register("backend", this::throughBackend);
        register("lease", this::leases);
    }

    private void register(String name, CallSide side) {
        context.registerService(CallSide.class, side, FrameworkUtil.asDictionary(Map.of(CallSide.NAME, name)));
    }

    @Override
    public void stop(BundleContext stopped) {
        // the framework unregisters the services
    }

    private Runnable throughServing(String model, long[] dimensions, ByteBuffer input, ByteBuffer output) {
        Serving serving = service(Serving.class);
        Shape shape = Shape.of(dimensions);
        return () -> {
            try (InferenceRequest request = serving.open(model, OptionalLong.empty())) {
                request.input(INPUT, DataType.FP32, shape, input.capacity())
                        .buffer()
                        .put(input.clear());
                copyOut(request.run(OUTPUTS), output);
            } catch (UnknownModelException | ModelNotReadyException | InferenceException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** The lease is held until the process ends. */
    private Runnable throughBackend(String model, long[] dimensions, ByteBuffer input, ByteBuffer output)
            throws Exception {
        LoadedModel loaded =
                service(Models.class).acquire(model, OptionalLong.empty()).model();
        Shape shape = Shape.of(dimensions);
        return () -> {
            try (Tensor tensor = loaded.allocate(DataType.FP32, shape, input.capacity())) {
                tensor.buffer().put(input.clear());
                try (Outputs answer = loaded.run(Map.of(INPUT, tensor), OUTPUTS)) {
                    copyOut(answer, output);
                }
            } catch (InferenceException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** Takes a lease and gives it back. */
    private Runnable leases(String model, long[] dimensions, ByteBuffer input, ByteBuffer output) {
        Models models = service(Models.class);
        return () -> {
            try {
                models.acquire(model, OptionalLong.empty()).close();
            } catch (UnknownModelException | ModelNotReadyException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static void copyOut(Outputs answer, ByteBuffer output) {
        output.clear().put(answer.tensors().get(0).buffer());
    }

    private <T> T service(Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        if (reference == null) {
            throw new IllegalStateException("there is no service " + type.getName());
        }
        return context.getService(reference);
    }
}
