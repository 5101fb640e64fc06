package io.opgraft.serving;

import io.opgraft.backend.InferenceException;

/** The time that a request may wait was over before it was run. Over HTTP this is status 503, as Triton answers it. */
public final class DeadlineException extends InferenceException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message names the model and the time
     */
    public DeadlineException(String message) {
        super(message, false);
    }
}
