package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import java.util.ArrayList;
import java.util.List;

/** Compares what a request brings with what the model declares. The messages are those that Triton's clients know. */
final class InputCheck {
    private InputCheck() {}

    /** Finds a tensor by name; models have few, so a list is searched faster than a map. */
    static TensorSpec find(List<TensorSpec> specs, String name) {
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i).name().equals(name)) {
                return specs.get(i);
            }
        }
        return null;
    }

    /**
     * Checks one input.
     *
     * @throws InferenceException if it is not what the model takes
     */
    static void check(ModelMetadata model, TensorSpec spec, DataType datatype, Shape shape, long byteCount)
            throws InferenceException {
        if (datatype != spec.datatype()) {
            throw fault("inference input '" + spec.name() + "' data-type is '" + datatype + "', but model '"
                    + model.name() + "' expects '" + spec.datatype() + "'");
        }
        checkShape(model, spec, shape);
        checkSize(model, spec, shape, byteCount);
    }

    private static void checkShape(ModelMetadata model, TensorSpec spec, Shape shape) throws InferenceException {
        if (!shape.isConcrete()) {
            throw fault("shape " + shape + " of input '" + spec.name() + "' for model '" + model.name()
                    + "' has an open dimension, but a request must give every size");
        }
        boolean batched = model.maxBatchSize() > 0;
        if ((spec.shape() != null && !spec.shape().accepts(shape)) || (batched && shape.rank() == 0)) {
            String expected =
                    spec.shape() == null ? "a batch dimension" : spec.shape().toString();
            throw fault("unexpected shape for input '" + spec.name() + "' for model '" + model.name() + "'. Expected "
                    + expected + ", got " + shape
                    + (batched ? ". The first dimension is the batch, at most " + model.maxBatchSize() : ""));
        }
        if (batched && (shape.dimension(0) < 1 || shape.dimension(0) > model.maxBatchSize())) {
            throw fault("inference request batch-size must be <= " + model.maxBatchSize() + " for '" + model.name()
                    + "' and at least 1, but input '" + spec.name() + "' has shape " + shape);
        }
    }

    private static void checkSize(ModelMetadata model, TensorSpec spec, Shape shape, long byteCount)
            throws InferenceException {
        long count;
        long least;
        try {
            count = shape.elementCount();
            // Each string has at least its length before it.
            least = Math.multiplyExact(
                    count,
                    spec.datatype() == DataType.BYTES ? 4L : spec.datatype().size());
        } catch (ArithmeticException e) {
            throw fault("shape " + shape + " of input '" + spec.name() + "' for model '" + model.name()
                    + "' has more elements than can be counted");
        }
        boolean fits = spec.datatype() == DataType.BYTES
                ? count == 0 ? byteCount == 0 : byteCount >= least
                : byteCount == least;
        if (!fits) {
            throw fault("unexpected total byte size " + byteCount + " for input '" + spec.name() + "' for model '"
                    + model.name() + "', expecting " + (spec.datatype() == DataType.BYTES ? "at least " : "") + least
                    + " for " + spec.datatype() + " of shape " + shape);
        }
    }

    /**
     * The outputs that a request asks for.
     *
     * @param names as asked for; empty for all
     * @throws InferenceException if one is unknown or there twice
     */
    static List<String> outputs(ModelMetadata model, List<String> names) throws InferenceException {
        if (names.isEmpty()) {
            List<String> all = new ArrayList<>(model.outputs().size());
            for (int i = 0; i < model.outputs().size(); i++) {
                all.add(model.outputs().get(i).name());
            }
            return all;
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (find(model.outputs(), name) == null) {
                throw fault("unexpected inference output '" + name + "' for model '" + model.name() + "'");
            }
            if (names.indexOf(name) != i) {
                throw fault("output '" + name + "' already exists in request for model '" + model.name() + "'");
            }
        }
        return names;
    }

    /** An error that the client can cure. */
    static InferenceException fault(String message) {
        return new InferenceException(message, true);
    }
}
