package io.opgraft.ensemble.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.opgraft.backend.DataType;
import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Models;
import io.opgraft.models.Wiring;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.Serving;
import io.opgraft.serving.internal.ServingComponent;
import io.opgraft.serving.internal.ServingConfig;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ensembles over the request path that the server has. */
class EnsembleServingTest {
    private static final Wiring NO_OPS = new Wiring(List.of());
    private static final int LARGE = 8 << 20;

    private final Map<String, LoadedModel> loaded = new HashMap<>();
    private final Map<String, ModelMetadata> metadata = new HashMap<>();
    private Serving serving;

    private record Bytes(Shape shape, ByteBuffer memory) implements Tensor {
        @Override
        public DataType datatype() {
            return DataType.INT8;
        }

        @Override
        public ByteBuffer buffer() {
            return memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void close() {}
    }

    /** Gives each byte and one more. Reads tensors of other models as they are, or not. */
    private record Increment(boolean accepts, ByteBuffer in, ByteBuffer out) implements LoadedModel {
        Increment(boolean accepts) {
            this(accepts, ByteBuffer.allocateDirect(LARGE), ByteBuffer.allocateDirect(LARGE));
        }

        @Override
        public Tensor allocate(DataType datatype, Shape shape, long byteCount) {
            return new Bytes(shape, in.slice(0, (int) byteCount));
        }

        @Override
        public Outputs run(Map<String, Tensor> inputs, List<String> outputs) {
            Tensor x = inputs.get("x");
            ByteBuffer from = x.buffer();
            ByteBuffer to = out.slice(0, from.remaining());
            for (int i = 0; i < from.remaining(); i++) {
                to.put(i, (byte) (from.get(i) + 1));
            }
            List<Tensor> results = List.of(new Bytes(x.shape(), to));
            return new Outputs() {
                @Override
                public List<Tensor> tensors() {
                    return results;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public boolean accepts(Tensor tensor) {
            return accepts;
        }

        @Override
        public void close() {}
    }

    private Lease lease(String model) {
        return new Lease() {
            @Override
            public ModelMetadata metadata() {
                return metadata.get(model);
            }

            @Override
            public Wiring wiring() {
                return NO_OPS;
            }

            @Override
            public LoadedModel model() {
                return loaded.get(model);
            }

            @Override
            public void close() {}
        };
    }

    private void add(String name, LoadedModel model) {
        loaded.put(name, model);
        metadata.put(name, new ModelMetadata(name, 1, "p", 0, List.of(spec("x")), List.of(spec("y")), "{}"));
    }

    private static TensorSpec spec(String name) {
        return new TensorSpec(name, DataType.INT8, Shape.of(-1));
    }

    @BeforeEach
    void start() throws Exception {
        Models models = (Models) Proxy.newProxyInstance(
                Models.class.getClassLoader(),
                new Class<?>[] {Models.class},
                (self, method, arguments) -> lease((String) arguments[0]));
        ServingConfig config = (ServingConfig) Proxy.newProxyInstance(
                ServingConfig.class.getClassLoader(),
                new Class<?>[] {ServingConfig.class},
                (self, method, arguments) ->
                        method.getName().equals("threads") ? (Object) 4 : method.getDefaultValue());
        serving = new ServingComponent(models, config);
        add("reads", new Increment(true));
        add("copies", new Increment(false));
        ModelSource source = new ModelSource(
                "e",
                1,
                Path.of("."),
                "ensemble",
                "",
                0,
                List.of(spec("x")),
                List.of(spec("y")),
                Map.of(),
                List.of(),
                List.of(
                        new EnsembleStep("reads", -1, Map.of("x", "x"), Map.of("y", "t")),
                        new EnsembleStep("copies", -1, Map.of("x", "t"), Map.of("y", "y"))));
        add("e", new EnsembleBackend(new OneServing(serving)).load(source, Map.of()));
    }

    private void ask(int size) throws Exception {
        try (InferenceRequest request = serving.open("e", OptionalLong.empty())) {
            Tensor x = request.input("x", DataType.INT8, Shape.of(size), size);
            x.buffer().put(size - 1, (byte) 40);
            Tensor y = request.run(List.of()).tensors().get(0);
            assertEquals(42, y.buffer().get(size - 1));
        }
    }

    private long heapBytes(int size) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int runs = 5;
        long before = sum(threads);
        for (int i = 0; i < runs; i++) {
            ask(size);
        }
        return (sum(threads) - before) / runs;
    }

    private static long sum(ThreadMXBean threads) {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    @Test
    void theHeapDoesNotGrowWithTheTensors() throws Exception {
        ask(LARGE);
        ask(1024);
        long small = heapBytes(1024);
        long large = heapBytes(LARGE);
        assertTrue(large - small < 256 << 10, "1 KB: " + small + " bytes of heap, 8 MB: " + large);
    }

    @Test
    void stepsAreCountedAsRequestsOfTheirModels() throws Exception {
        for (int i = 0; i < 3; i++) {
            ask(16);
        }
        for (ModelStatistics one : serving.statistics()) {
            assertEquals(
                    List.of(3L, 3L, 3L, 0L),
                    List.of(one.successes(), one.inferences(), one.executions(), one.failures()),
                    one.model());
        }
        Map<String, ModelStatistics> all = new HashMap<>();
        serving.statistics().forEach(one -> all.put(one.model(), one));
        ModelStatistics reads = all.get("reads");
        ModelStatistics copies = all.get("copies");
        // As Triton: the runs of an ensemble are those of its steps, and the whole is longer than they are.
        assertEquals(reads.inferNanos() + copies.inferNanos(), all.get("e").inferNanos());
        assertTrue(all.get("e").successNanos() > reads.inferNanos() + copies.inferNanos());
    }
}
