package io.opgraft.http.internal;

/** What a request must pass once it is known what it asks for: rights first, then room. */
final class Gate {
    private static final int RETRY_SECONDS = 1;

    private final Access access;
    private final Admission admission;
    private final Connections connections;

    Gate(Access access, Admission admission, Connections connections) {
        this.access = access;
        this.admission = admission;
        this.connections = connections;
    }

    /** Refuses what the caller may not do, or not on this connection. */
    void check(Right right, Exchange exchange) throws HttpFailure {
        access.check(right, exchange);
        if (right != Right.READ && connections.spare(exchange.request)) {
            throw HttpFailure.busy(
                    "the server has as many connections as it may (maxConnections); try again later", RETRY_SECONDS);
        }
    }

    /** Lets an inference request in. */
    Admission.Ticket admit(Exchange exchange) throws HttpFailure {
        return admission.admit(exchange.request.getLength());
    }
}
