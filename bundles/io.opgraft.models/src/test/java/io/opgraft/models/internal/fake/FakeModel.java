package io.opgraft.models.internal.fake;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A loaded model that knows whether it was closed once, and not while it was in use. */
public final class FakeModel implements LoadedModel {
    private final ModelSource source;
    private final Set<String> ops;
    private final AtomicInteger closes = new AtomicInteger();

    private final FakeBackend.Answer answer;

    FakeModel(ModelSource source, Set<String> ops, FakeBackend.Answer answer) {
        this.source = source;
        this.ops = Set.copyOf(ops);
        this.answer = answer;
    }

    /** What it was loaded from. */
    public ModelSource source() {
        return source;
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
