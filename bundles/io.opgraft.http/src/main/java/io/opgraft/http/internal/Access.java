package io.opgraft.http.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Decides who may do what. Control needs a token; where none is configured, a caller on this machine. Inference needs
 * one only where tokens for it are configured; a token for control will do too.
 */
final class Access {
    private static final String BEARER = "bearer ";

    private volatile Tokens control;
    private volatile Tokens infer;

    /**
     * Makes the decisions.
     *
     * @param control tokens for control, or null
     * @param infer tokens for inference, or null
     */
    Access(Tokens control, Tokens infer) {
        this.control = control;
        this.infer = infer;
    }

    void control(Tokens tokens) {
        control = tokens;
    }

    void infer(Tokens tokens) {
        infer = tokens;
    }

    /**
     * Checks the right to an operation.
     *
     * @throws HttpFailure with status 401 if a token is missing or wrong, 403 if the caller may not at all
     */
    void check(Right right, Exchange exchange) throws HttpFailure {
        switch (right) {
            case READ -> {
                // Everyone may.
            }
            case INFER -> {
                if (infer != null) {
                    inference(exchange);
                }
            }
            case CONTROL -> {
                if (control != null) {
                    control(exchange);
                } else if (!local(exchange.request)) {
                    throw new HttpFailure(
                            403,
                            "model control is only for clients on the server's machine, unless the server has a file"
                                    + " of tokens (--token-file)");
                }
            }
        }
    }

    private void inference(Exchange exchange) throws HttpFailure {
        String token = token(exchange);
        if (!infer.contains(token) && (control == null || !control.contains(token))) {
            throw wrong(exchange);
        }
    }

    private void control(Exchange exchange) throws HttpFailure {
        String token = token(exchange);
        if (control.contains(token)) {
            return;
        }
        if (infer != null && infer.contains(token)) {
            challenge(exchange, ", error=\"insufficient_scope\"");
            throw new HttpFailure(403, "this token is for inference; model control needs a token for control");
        }
        throw wrong(exchange);
    }

    private static String token(Exchange exchange) throws HttpFailure {
        List<String> values = exchange.request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION);
        if (values.isEmpty()) {
            challenge(exchange, "");
            throw new HttpFailure(401, "this needs a token; send it in the header Authorization: Bearer TOKEN");
        }
        String value = values.get(0);
        if (values.size() > 1 || !value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            challenge(exchange, ", error=\"invalid_request\"");
            throw new HttpFailure(401, "the header Authorization must be given once, as: Bearer TOKEN");
        }
        return value.substring(BEARER.length()).trim();
    }

    private static HttpFailure wrong(Exchange exchange) {
        challenge(exchange, ", error=\"invalid_token\"");
        return new HttpFailure(401, "this token is not valid");
    }

    private static void challenge(Exchange exchange, String error) {
        exchange.response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"opgraft\"" + error);
    }

    /** Whether the caller is a program on this machine that speaks for itself: no proxy and no page in a browser. */
    private static boolean local(Request request) {
        SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
        InetAddress address = remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
        HttpFields headers = request.getHeaders();
        return address != null
                && address.isLoopbackAddress()
                && !headers.contains(HttpHeader.ORIGIN)
                && !headers.contains(HttpHeader.FORWARDED)
                && !headers.contains(HttpHeader.X_FORWARDED_FOR)
                && !headers.contains(HttpHeader.VIA);
    }
}
