package io.opgraft.tensorflow.internal;

import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.TensorSpec;

/**
 * An input or output of a model and the tensor of the graph that it stands for.
 *
 * @param spec as requests see it
 * @param node name of the graph's node
 * @param index which output of that node
 */
record Endpoint(TensorSpec spec, String node, int index) {
    /** From a name as TensorFlow writes it, {@code node} or {@code node:index}. */
    static Endpoint of(TensorSpec spec, String tensor) throws ModelLoadException {
        int colon = tensor.lastIndexOf(':');
        if (colon < 0) {
            return new Endpoint(spec, tensor, 0);
        }
        try {
            return new Endpoint(spec, tensor.substring(0, colon), Integer.parseInt(tensor.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new ModelLoadException(
                    "\"" + spec.name() + "\" stands for the tensor \"" + tensor
                            + "\", which is no name of the form node:index",
                    e);
        }
    }
}
