package io.opgraft.backend;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** A model that is loaded and warm. Runs may go on in many threads at once; {@link #close} waits for none of them. */
@ConsumerType
public interface LoadedModel extends AutoCloseable {
    /**
     * Makes an input tensor in memory that the framework reads without a copy.
     *
     * @param datatype element type
     * @param shape concrete shape
     * @param byteCount size of the content; for fixed-size datatypes the element count times the element size
     * @return the tensor, its content undefined until written, closed by the caller
     * @throws InferenceException if the size is beyond what the framework can hold
     */
    Tensor allocate(DataType datatype, Shape shape, long byteCount) throws InferenceException;

    /**
     * Runs the model once on the calling thread.
     *
     * @param inputs by input name; stay owned by the caller
     * @param outputs names of the outputs to return, at least one
     * @return the outputs, closed by the caller
     * @throws InferenceException if the framework reports an error
     */
    Outputs run(Map<String, Tensor> inputs, List<String> outputs) throws InferenceException;

    /**
     * Whether a run can read a tensor that this model did not allocate, such as an output of another model, as it is.
     *
     * @param tensor any tensor
     * @return false if its content must be copied into one of {@link #allocate}
     */
    default boolean accepts(Tensor tensor) {
        return false;
    }

    /**
     * How many runs may go on at once; whoever calls keeps further ones back.
     *
     * @return at least 1, or 0 if there is no limit but the machine's own
     */
    default int parallelism() {
        return 0;
    }

    /** Frees the model. Called once, when no run is under way and all outputs are closed. */
    @Override
    void close();
}
