package io.opgraft.backend;

import java.util.List;

/**
 * The inputs and outputs of a model.
 *
 * @param inputs in the model's order
 * @param outputs in the model's order
 */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    /** Takes copies. */
    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
