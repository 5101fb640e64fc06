package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the shapes that clients see to those of the model itself and back; the bytes stay as they are. */
final class Reshapes {
    private Reshapes() {}

    /** The shape that the model takes for an input of a checked shape. */
    static Shape input(ModelMetadata metadata, TensorSpec spec, Shape shape) throws InferenceException {
        Shape model = metadata.options().reshapedInputs().get(spec.name());
        if (model == null || spec.shape() == null) {
            return shape;
        }
        Shape reshaped = convert(shape, spec.shape(), model);
        if (reshaped == null || reshaped.elementCount() != shape.elementCount()) {
            throw InputCheck.fault("shape " + shape + " of input '" + spec.name() + "' for model '" + metadata.name()
                    + "' cannot be reshaped to " + model + " as its configuration says");
        }
        return reshaped;
    }

    /** The outputs with the shapes that clients see. */
    static Outputs outputs(ModelMetadata metadata, List<String> names, Outputs outputs) {
        Map<String, Shape> reshaped = metadata.options().reshapedOutputs();
        if (reshaped.isEmpty()) {
            return outputs;
        }
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Tensor tensor = outputs.tensors().get(i);
            Shape model = reshaped.get(names.get(i));
            TensorSpec spec = InputCheck.find(metadata.outputs(), names.get(i));
            Shape shape = model == null || spec == null || spec.shape() == null
                    ? null
                    : convert(tensor.shape(), model, spec.shape());
            boolean fits =
                    shape != null && shape.elementCount() == tensor.shape().elementCount();
            tensors.add(fits ? new Reshaped(tensor, shape) : tensor);
        }
        List<Tensor> all = List.copyOf(tensors);
        return new Outputs() {
            @Override
            public List<Tensor> tensors() {
                return all;
            }

            @Override
            public void close() {
                outputs.close();
            }
        };
    }

    /** Open dimensions keep their order; null if a shape does not fit. */
    private static Shape convert(Shape actual, Shape from, Shape to) {
        if (!from.accepts(actual)) {
            return null;
        }
        long[] result = to.toArray();
        int next = 0;
        for (int i = 0; i < result.length; i++) {
            if (result[i] == Shape.ANY) {
                while (next < from.rank() && from.dimension(next) != Shape.ANY) {
                    next++;
                }
                if (next == from.rank()) {
                    return null;
                }
                result[i] = actual.dimension(next++);
            }
        }
        return Shape.of(result);
    }

    /** A tensor under another shape. */
    private record Reshaped(Tensor tensor, Shape shape) implements Tensor {
        @Override
        public DataType datatype() {
            return tensor.datatype();
        }

        @Override
        public ByteBuffer buffer() {
            return tensor.buffer();
        }

        @Override
        public void close() {
            tensor.close();
        }
    }
}
