package io.opgraft.http.internal;

/** A request that is answered with an error. The message goes to the client. */
final class HttpFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    HttpFailure(int status, String message) {
        // No stack trace: hostile requests must stay cheap.
        super(message, null, false, false);
        this.status = status;
    }

    /** A fault of the client. */
    static HttpFailure badRequest(String message) {
        return new HttpFailure(400, message);
    }

    static HttpFailure tooLarge(long limit) {
        return new HttpFailure(
                413, "the request body is larger than " + limit + " bytes, the limit of this server (maxRequestBytes)");
    }

    int status() {
        return status;
    }
}
