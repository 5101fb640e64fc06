package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.QueuePolicy;
import io.opgraft.models.Scheduling;
import io.opgraft.models.Wiring;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A model with the input IN and the outputs OUT, the input itself, and NEG, the input negated; INT32 in rows. */
class FakeModel implements LoadedModel {
    /** What happens in a run, before it answers. */
    interface Work {
        void run(Map<String, Tensor> inputs) throws InferenceException;
    }

    static final Scheduling BATCHING = batching(0);

    final List<Integer> batches = new CopyOnWriteArrayList<>();
    final List<List<String>> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    volatile Work work = inputs -> {};
    final int places;

    FakeModel(int places) {
        this.places = places;
    }

    static Scheduling batching(long delayMicros, Integer... preferred) {
        return new Scheduling(true, List.of(preferred), delayMicros, false, 0, 0, QueuePolicy.NONE, Map.of());
    }

    static ModelMetadata metadata(Scheduling scheduling, int maxBatchSize) {
        return metadata(
                new ModelOptions(scheduling, Set.of(), Map.of(), Map.of(), Map.of(), false, Map.of()), maxBatchSize);
    }

    static ModelMetadata metadata(ModelOptions options, int maxBatchSize) {
        Shape rows = Shape.of(-1, -1);
        return new ModelMetadata(
                "m",
                1,
                "fake",
                maxBatchSize,
                List.of(new TensorSpec("IN", DataType.INT32, rows)),
                List.of(new TensorSpec("OUT", DataType.INT32, rows), new TensorSpec("NEG", DataType.INT32, rows)),
                "{}",
                options);
    }

    Lease lease(ModelMetadata metadata) {
        open.incrementAndGet();
        Wiring wiring = new Wiring(List.of());
        return new Lease() {
            @Override
            public ModelMetadata metadata() {
                return metadata;
            }

            @Override
            public Wiring wiring() {
                return wiring;
            }

            @Override
            public LoadedModel model() {
                return FakeModel.this;
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }

    @Override
    public int parallelism() {
        return places;
    }

    @Override
    public Tensor allocate(DataType datatype, Shape shape, long byteCount) {
        open.incrementAndGet();
        ByteBuffer memory = ByteBuffer.allocateDirect((int) byteCount);
        return new Tensor() {
            private boolean closed;

            @Override
            public DataType datatype() {
                return datatype;
            }

            @Override
            public Shape shape() {
                return shape;
            }

            @Override
            public ByteBuffer buffer() {
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                return memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            }

            @Override
            public void close() {
                if (closed) {
                    throw new IllegalStateException("closed twice");
                }
                closed = true;
                open.decrementAndGet();
            }
        };
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs, List<String> outputs) throws InferenceException {
        Tensor in = inputs.get("IN");
        batches.add((int) in.shape().dimension(0));
        asked.add(List.copyOf(outputs));
        work.run(inputs);
        List<Tensor> tensors = new ArrayList<>();
        for (String name : outputs) {
            tensors.add(answer(in, name));
        }
        open.incrementAndGet();
        return new Outputs() {
            @Override
            public List<Tensor> tensors() {
                return tensors;
            }

            @Override
            public void close() {
                open.decrementAndGet();
                tensors.forEach(Tensor::close);
            }
        };
    }

    /** One output. */
    Tensor answer(Tensor in, String name) {
        ByteBuffer from = in.buffer();
        Tensor out = allocate(in.datatype(), in.shape(), from.remaining());
        ByteBuffer to = out.buffer();
        while (from.remaining() >= 4) {
            int value = from.getInt();
            to.putInt(name.equals("NEG") ? -value : value);
        }
        return out;
    }

    @Override
    public void close() {}
}
