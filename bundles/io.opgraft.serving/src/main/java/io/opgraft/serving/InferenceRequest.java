package io.opgraft.serving;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One inference request. It holds a lease on the instance from when it was opened until it is closed, so every answer
 * comes from one wiring. Used by one thread at a time.
 */
@ProviderType
public interface InferenceRequest extends AutoCloseable {
    /**
     * The model version that answers.
     *
     * @return its metadata
     */
    ModelMetadata metadata();

    /**
     * The op bundles that compute the answer.
     *
     * @return the wiring
     */
    Wiring wiring();

    /**
     * Adds an input after checking it against what the model declares, and gives the memory to write its content to.
     *
     * @param name input name
     * @param datatype element type
     * @param shape concrete shape
     * @param byteCount size of the content in bytes
     * @return the tensor, owned by this request
     * @throws InferenceException if the model has no such input, or it is there already, or datatype, shape or size are
     *     not what it takes; nothing was allocated then
     */
    Tensor input(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException;

    /**
     * Runs the model.
     *
     * @param outputs names of the outputs to return, in this order; empty for all in the model's order
     * @return the outputs in that order, owned by this request
     * @throws InferenceException if an input is missing, an output is unknown or named twice, or the run fails
     */
    Outputs run(List<String> outputs) throws InferenceException;

    /** Frees inputs and outputs and returns the lease; further calls do nothing. */
    @Override
    void close();
}
