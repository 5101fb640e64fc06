package io.opgraft.tensorflow.internal;

import io.opgraft.backend.Outputs;
import io.opgraft.backend.Tensor;
import java.util.List;

/** The outputs of one run. */
final class RunOutputs implements Outputs {
    private final List<Tensor> tensors;

    RunOutputs(Tensor[] tensors) {
        this.tensors = List.of(tensors);
    }

    @Override
    public List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        for (Tensor tensor : tensors) {
            tensor.close();
        }
    }
}
