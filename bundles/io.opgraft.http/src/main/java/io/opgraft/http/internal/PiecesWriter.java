package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.util.IteratingCallback;

/** Writes a response body that lies in several buffers, none of which it copies. */
final class PiecesWriter extends IteratingCallback {
    private final Exchange exchange;
    private final List<ByteBuffer> pieces;
    private final Runnable after;
    private int next;

    /**
     * Makes a writer.
     *
     * @param after frees the buffers; runs once, whether the client gets the answer or not
     */
    PiecesWriter(Exchange exchange, List<ByteBuffer> pieces, Runnable after) {
        this.exchange = exchange;
        this.pieces = pieces;
        this.after = after;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() {
        if (next == pieces.size()) {
            return Action.SUCCEEDED;
        }
        ByteBuffer piece = pieces.get(next++);
        exchange.response.write(next == pieces.size(), piece, this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        after.run();
        exchange.callback.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        after.run();
        exchange.callback.failed(cause);
    }
}
