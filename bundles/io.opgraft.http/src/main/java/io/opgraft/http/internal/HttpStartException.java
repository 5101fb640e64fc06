package io.opgraft.http.internal;

/** The server cannot listen. The message says why and what to do. */
final class HttpStartException extends Exception {
    private static final long serialVersionUID = 1L;

    HttpStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
