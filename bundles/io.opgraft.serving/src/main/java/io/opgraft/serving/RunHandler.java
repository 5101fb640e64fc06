package io.opgraft.serving;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes the answer of a request. Exactly one method is called, once: on the thread that asked for the run, before the
 * call returns, or later on a thread of the server. It must not block for long, since others wait for that thread.
 */
@ConsumerType
public interface RunHandler {
    /**
     * The run succeeded.
     *
     * @param outputs in the order asked for, owned by the request
     */
    void completed(Outputs outputs);

    /**
     * There is no answer.
     *
     * @param cause a client's fault, an {@link OverloadException}, a {@link DeadlineException} or a failure of the run
     */
    void failed(InferenceException cause);
}
