package io.opgraft.serving.internal;

import io.opgraft.backend.InferenceException;

/** Nobody waits for the answer. */
final class CancelledException extends InferenceException {
    private static final long serialVersionUID = 1L;

    CancelledException(String model) {
        super("the request to model '" + model + "' was cancelled", false);
    }
}
