package io.opgraft.serving;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import java.nio.ByteBuffer;
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
     *     not what it takes, or, as an {@link OverloadException}, if the inputs of all open requests take too many bytes;
     *     nothing was allocated then
     */
    Tensor input(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException;

    /**
     * Adds an input that exists already, such as an output of another model. The model reads it as it is if it can; else
     * it is copied.
     *
     * @param name input name
     * @param tensor stays owned by the caller, who keeps it open until the end of the run
     * @throws InferenceException as for an input that is still to be written
     */
    default void input(String name, Tensor tensor) throws InferenceException {
        ByteBuffer content = tensor.buffer();
        input(name, tensor.datatype(), tensor.shape(), content.remaining())
                .buffer()
                .put(content);
    }

    /**
     * Runs the model and waits for it, also for its place: on the calling thread if one is free.
     *
     * @param outputs names of the outputs to return, in this order; empty for all in the model's order
     * @return the outputs in that order, owned by this request
     * @throws InferenceException if an input is missing, an output is unknown or named twice, or there is no answer, as
     *     {@link RunHandler#failed} tells it
     */
    Outputs run(List<String> outputs) throws InferenceException;

    /**
     * Says how the request waits. Called before the run, at most once; without it the model's configuration decides.
     *
     * @param priority level, 1 being the most urgent; 0 for the model's default
     * @param timeoutMicros longest time to wait in microseconds, 0 for the model's default
     * @throws InferenceException if the model has priority levels and this is none of them
     */
    void schedule(long priority, long timeoutMicros) throws InferenceException;

    /**
     * Names the request in the log, also for models that pass it on to others. Called before the run.
     *
     * @param id what the client calls it
     */
    default void id(String id) {}

    /**
     * Runs the model as soon as it has a free place, alone or in a batch with other requests. A short run may happen on
     * the calling thread, before this method returns.
     *
     * @param outputs names of the outputs to return, in this order; empty for all in the model's order
     * @param handler takes the answer
     */
    void run(List<String> outputs, RunHandler handler);

    /**
     * The answer is where it is wanted, though the outputs are read on: the time from now until {@link #close} is not
     * counted as time of writing it. Called after the run, at most once.
     */
    default void taken() {}

    /**
     * Where the time went.
     *
     * @return known when the handler is told of success
     */
    default RunPhases phases() {
        return RunPhases.NONE;
    }

    /**
     * Nobody waits for the answer any more: a request that still waits leaves the queue, and its handler is told with an
     * {@link InferenceException}; a run under way goes on to its end, but one that asks other models ends with what they do
     * now. May be called by any thread, at any time before
     * {@link #close}.
     */
    void cancel();

    /**
     * Frees inputs and outputs and returns the lease; further calls do nothing. A request that still waits is cancelled
     * first; while the model works on it, all is freed at the end of the run and the handler is told that it was
     * cancelled. Must not overlap with the handler at work.
     */
    @Override
    void close();
}
