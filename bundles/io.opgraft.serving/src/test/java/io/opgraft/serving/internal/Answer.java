package io.opgraft.serving.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Tensor;
import io.opgraft.serving.RunHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Notes what a request is told. */
final class Answer implements RunHandler {
    Outputs outputs;
    InferenceException failure;
    int told;

    @Override
    public void completed(Outputs result) {
        outputs = result;
        told++;
    }

    @Override
    public void failed(InferenceException cause) {
        failure = cause;
        told++;
    }

    /** The values of one output. */
    List<Integer> values(int output) {
        Tensor tensor = outputs.tensors().get(output);
        ByteBuffer bytes = tensor.buffer();
        List<Integer> values = new ArrayList<>();
        while (bytes.hasRemaining()) {
            values.add(bytes.getInt());
        }
        return values;
    }
}
