package io.opgraft.ops.internal;

import java.io.Serial;

/** An op library cannot be used. The message says why and what to do. */
final class RefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
