package io.opgraft.models.internal.warmup;

import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;

/** From the shapes of requests and answers to those of the model itself. */
final class Reshapes {
    private Reshapes() {}

    static Shape input(ModelMetadata metadata, String name, Shape shape) {
        Shape model = metadata.options().reshapedInputs().get(name);
        return model == null ? shape : convert(shape, spec(metadata.inputs(), name), model);
    }

    static Shape output(ModelMetadata metadata, String name, Shape shape) {
        Shape model = metadata.options().reshapedOutputs().get(name);
        return model == null ? shape : convert(shape, spec(metadata.outputs(), name), model);
    }

    private static Shape spec(Iterable<TensorSpec> specs, String name) {
        for (TensorSpec spec : specs) {
            if (spec.name().equals(name)) {
                return spec.shape();
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** Open dimensions keep their order. A shape that was not declared stays as it is. */
    private static Shape convert(Shape actual, Shape declared, Shape model) {
        if (!declared.accepts(actual)) {
            return actual;
        }
        long[] result = model.toArray();
        int from = 0;
        for (int i = 0; i < result.length; i++) {
            if (result[i] == Shape.ANY) {
                while (declared.dimension(from) != Shape.ANY) {
                    from++;
                }
                result[i] = actual.dimension(from++);
            }
        }
        return Shape.of(result);
    }
}
