package io.opgraft.models.internal.fake;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A loaded model that knows whether it was closed once, and not while it was in use. */
public final class FakeModel implements LoadedModel {
    private final ModelSource source;
    private final Set<String> ops;
    private final AtomicInteger closes = new AtomicInteger();

    private final FakeBackend.Answer answer;
    private final List<String> runs = new CopyOnWriteArrayList<>();

    FakeModel(ModelSource source, Set<String> ops, FakeBackend.Answer answer) {
        this.source = source;
        this.ops = Set.copyOf(ops);
        this.answer = answer;
    }

    /** What it was loaded from. */
    public ModelSource source() {
        return source;
    }

    /** What the FP32 inputs of each run were. */
    public List<String> runs() {
        return runs;
    }

    private static String floats(Tensor tensor) {
        ByteBuffer buffer = tensor.buffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Float> values = new ArrayList<>();
        while (buffer.remaining() >= Float.BYTES) {
            values.add(buffer.getFloat());
        }
        return values.toString();
    }

    /** The ops that it was given. */
    public Set<String> ops() {
        return ops;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closes.get() > 0;
    }

    /** How often it was closed. */
    public int closes() {
        return closes.get();
    }

    @Override
    public Tensor allocate(DataType datatype, Shape shape, long byteCount) {
        return new FakeTensor(datatype, shape, Math.toIntExact(byteCount));
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs, List<String> outputs) throws InferenceException {
        inputs.values().stream().filter(t -> t.datatype() == DataType.FP32).forEach(t -> runs.add(floats(t)));
        List<Tensor> tensors = new ArrayList<>();
        for (String output : outputs) {
            tensors.add(answer.give(inputs, output));
        }
        return new Outputs() {
            @Override
            public List<Tensor> tensors() {
                return tensors;
            }

            @Override
            public void close() {
                tensors.forEach(Tensor::close);
            }
        };
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
