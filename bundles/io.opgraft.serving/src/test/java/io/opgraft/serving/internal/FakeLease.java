package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A lease on a model that computes nothing and notes what is done to it. */
final class FakeLease implements Lease, LoadedModel, Outputs {
    final List<Tensor> allocated = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final Outputs outputs = this;
    Map<String, Tensor> ranInputs = Map.of();
    List<String> ranOutputs = List.of();
    boolean failOnClose;
    boolean failAllocation;

    private final ModelMetadata metadata;
    private final Wiring wiring = new Wiring(List.of());

    FakeLease(ModelMetadata metadata) {
        this.metadata = metadata;
    }

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
        return this;
    }

    @Override
    public Tensor allocate(DataType datatype, Shape shape, long byteCount) throws InferenceException {
        if (failAllocation) {
            throw new InferenceException("no memory", false);
        }
        String name = metadata.inputs().get(allocated.size()).name();
        Tensor tensor = new Tensor() {
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
                return ByteBuffer.allocateDirect((int) byteCount);
            }

            @Override
            public void close() {
                noteClose(name);
            }
        };
        allocated.add(tensor);
        return tensor;
    }

    private void noteClose(String what) {
        closed.add(what);
        if (failOnClose && !what.equals("lease")) {
            throw new IllegalStateException("cannot be closed");
        }
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs, List<String> names) {
        ranInputs = new LinkedHashMap<>(inputs);
        ranOutputs = List.copyOf(names);
        return outputs;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of();
    }

    /** Called as outputs and as lease: the outputs go first. */
    @Override
    public void close() {
        noteClose(closed.contains("outputs") ? "lease" : "outputs");
    }
}
