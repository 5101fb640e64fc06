package io.opgraft.http.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Notices that a client leaves while its request waits for a model. Over HTTP/1.1 nobody reads from the connection then,
 * so this does; bytes of a next request go back to the connection. A client that ends its side of the connection has left.
 */
final class ClientWatch implements Callback {
    private final Exchange exchange;
    private final Runnable gone;
    private final Connection connection;
    private final AbstractEndPoint endPoint;
    private boolean stopped;

    /**
     * Makes a watch that is not started.
     *
     * @param gone told at most once, on any thread; must not block
     */
    ClientWatch(Exchange exchange, Runnable gone) {
        this.exchange = exchange;
        this.gone = gone;
        this.connection = exchange.request.getConnectionMetaData().getConnection();
        boolean readsHere =
                exchange.request.getConnectionMetaData().getHttpVersion().getVersion()
                        < HttpVersion.HTTP_2.getVersion();
        this.endPoint = readsHere
                        && connection instanceof Connection.UpgradeTo
                        && connection.getEndPoint() instanceof AbstractEndPoint end
                ? end
                : null;
    }

    /** Starts; the body of the request is complete. */
    synchronized void start() {
        if (stopped) {
            return;
        }
        exchange.request.addFailureListener(failure -> leave());
        if (endPoint != null) {
            endPoint.tryFillInterested(this);
        }
    }

    /** Stops; when this returns nothing is read any more, so the answer can be completed. */
    synchronized void stop() {
        stopped = true;
        if (endPoint != null && endPoint.isFillInterested()) {
            // The only way to take an interest back.
            endPoint.getFillInterest().onFail(new IOException("no longer watched"));
        }
    }

    private void leave() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        gone.run();
    }

    /** There is something to read. */
    @Override
    public void succeeded() {
        boolean left;
        synchronized (this) {
            left = !stopped && hasLeft();
        }
        if (left) {
            leave();
        }
    }

    private boolean hasLeft() {
        // As large as the connection's own, which is empty: else there would be no interest in more.
        ByteBuffer next = ByteBuffer.allocate(HttpEndpoint.INPUT_BUFFER).flip();
        try {
            int n = endPoint.fill(next);
            if (n < 0) {
                return true;
            }
            if (n == 0) {
                endPoint.tryFillInterested(this);
            } else {
                // Whether the client leaves after this is not seen: more would have to be kept.
                ((Connection.UpgradeTo) connection).onUpgradeTo(next);
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** The connection is closed, or this was stopped. */
    @Override
    public void failed(Throwable cause) {
        leave();
    }

    @Override
    public Invocable.InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
