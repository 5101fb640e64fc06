package io.opgraft.models.internal.fake;

import io.opgraft.backend.DataType;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A loaded model that knows whether it was closed once, and not while it was in use. */
public final class FakeModel implements LoadedModel {
    private final ModelSource source;
    private final Set<String> ops;
    private final AtomicInteger closes = new AtomicInteger();

    FakeModel(ModelSource source, Set<String> ops) {
        this.source = source;
        this.ops = Set.copyOf(ops);
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
        throw new UnsupportedOperationException();
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs, List<String> outputs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
