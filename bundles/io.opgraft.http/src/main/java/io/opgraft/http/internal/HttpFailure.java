package io.opgraft.http.internal;

/** A request that is answered with an error. The message goes to the client. */
final class HttpFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfterSeconds;

    HttpFailure(int status, String message) {
        this(status, message, 0);
    }

    private HttpFailure(int status, String message, int retryAfterSeconds) {
        // No stack trace: hostile requests must stay cheap.
        super(message, null, false, false);
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** A fault of the client. */
    static HttpFailure badRequest(String message) {
        return new HttpFailure(400, message);
    }

    /** What this server does not do, and what to do instead. */
    static HttpFailure unsupported(String what, String instead) {
        return new HttpFailure(501, what + " is not supported by this server: " + instead);
    }

    static HttpFailure tooLarge(long limit) {
        return new HttpFailure(
                413, "the request body is larger than " + limit + " bytes, the limit of this server (maxRequestBytes)");
    }

    /** Too much is asked of the server now; the client may try again after some seconds. */
    static HttpFailure busy(String message, int retryAfterSeconds) {
        return new HttpFailure(503, message, retryAfterSeconds);
    }

    int status() {
        return status;
    }

    /** When to try again, 0 if that is not known. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
