package io.opgraft.serving;

import io.opgraft.backend.InferenceException;

/** The queue of a model is full. The request was not run; it may be sent again later. Over HTTP this is status 503. */
public final class OverloadException extends InferenceException {
    private static final long serialVersionUID = 1L;

    private final int retryAfterSeconds;

    /**
     * Makes the exception.
     *
     * @param message names the model and the limit
     * @param retryAfterSeconds when to try again
     */
    public OverloadException(String message, int retryAfterSeconds) {
        super(message, false);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * When to try again.
     *
     * @return seconds, at least 1
     */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
