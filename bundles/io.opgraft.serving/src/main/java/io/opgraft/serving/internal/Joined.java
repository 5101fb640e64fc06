package io.opgraft.serving.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs of several requests, one behind the other in tensors of the model's own memory. */
final class Joined implements AutoCloseable {
    private final List<LeasedRequest> members;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();

    private Joined(List<LeasedRequest> members) {
        this.members = members;
    }

    /** Copies the inputs, each once. */
    static Joined of(List<LeasedRequest> members) throws InferenceException {
        Joined joined = new Joined(members);
        try {
            for (String name : members.get(0).tensors().keySet()) {
                joined.join(name);
            }
            return joined;
        } catch (InferenceException | RuntimeException | Error e) {
            joined.close();
            throw e;
        }
    }

    private void join(String name) throws InferenceException {
        long bytes = 0;
        long batch = 0;
        List<ByteBuffer> parts = new ArrayList<>(members.size());
        for (LeasedRequest member : members) {
            Tensor tensor = member.tensors().get(name);
            ByteBuffer part = tensor.buffer();
            parts.add(part);
            bytes += part.remaining();
            batch += tensor.shape().dimension(0);
        }
        Tensor first = members.get(0).tensors().get(name);
        long[] dimensions = first.shape().toArray();
        dimensions[0] = batch;
        LoadedModel model = members.get(0).model();
        Tensor all = model.allocate(first.datatype(), Shape.of(dimensions), bytes);
        inputs.put(name, all);
        ByteBuffer target = all.buffer();
        parts.forEach(target::put);
    }

    /** Runs the model for all of them. */
    SharedOutputs run() throws InferenceException {
        List<String> names = union();
        Outputs outputs = members.get(0).model().run(inputs, names);
        try {
            return SharedOutputs.split(outputs, names, members);
        } catch (InferenceException | RuntimeException | Error e) {
            outputs.close();
            throw e;
        }
    }

    /** Every output that a member wants, in the model's order. */
    private List<String> union() {
        List<String> names = new ArrayList<>();
        for (TensorSpec spec : members.get(0).metadata().outputs()) {
            for (LeasedRequest member : members) {
                if (member.wanted().contains(spec.name())) {
                    names.add(spec.name());
                    break;
                }
            }
        }
        return names;
    }

    @Override
    public void close() {
        inputs.values().forEach(Tensor::close);
    }
}
