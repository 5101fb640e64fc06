package io.opgraft.http.internal;

/** What a request must pass once it is known what it asks for: rights first, then room. */
final class Gate {
    private static final int RETRY_SECONDS = 1;
    private static final String ID = "X-Request-Id";

    private final Access access;
    private final Admission admission;
    private final Places control;
    private final Connections connections;
    private final boolean logged;

    Gate(Access access, Admission admission, Places control, Connections connections, boolean logged) {
        this.access = access;
        this.admission = admission;
        this.control = control;
        this.connections = connections;
        this.logged = logged;
    }

    /** Keeps what is known of a request for those who write about it. */
    void note(Exchange exchange) {
        exchange.notes.id(exchange.request.getHeaders().get(ID));
        if (logged) {
            exchange.request.setAttribute(AccessLog.NOTES, exchange.notes);
        }
    }

    /** Refuses what the caller may not do, or not on this connection. */
    void check(Right right, Exchange exchange) throws HttpFailure {
        access.check(right, exchange);
        if (right != Right.READ && connections.spare(exchange.request)) {
            throw HttpFailure.busy(
                    "the server has as many connections as it may (maxConnections); try again later", RETRY_SECONDS);
        }
    }

    /** Lets a request to change models in, before its body is read. */
    Exchange control(Exchange exchange) throws HttpFailure {
        return control.take(exchange);
    }

    /** Lets an inference request in. */
    Admission.Ticket admit(Exchange exchange) throws HttpFailure {
        return admission.admit(exchange.request.getLength());
    }
}
