package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.util.IteratingCallback;

/** Writes a response body that lies in several buffers, none of which it copies. */
final class PiecesWriter extends IteratingCallback {
    /**
     * The last bytes of a long body are written by themselves. Where the system controls congestion with BBR, it paces what
     * it gets at once by a timer, also to clients of the same machine; how soon a short end arrives shows it the true rate.
     */
    private static final int TAIL = 32 * 1024;

    private static final int LONG = 512 * 1024;

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
        ByteBuffer piece = pieces.get(next);
        if (next == pieces.size() - 1 && piece.remaining() > LONG) {
            int head = piece.remaining() - TAIL;
            pieces.set(next, piece.slice(piece.position() + head, TAIL));
            exchange.response.write(false, piece.slice(piece.position(), head), this);
        } else {
            next++;
            exchange.response.write(next == pieces.size(), piece, this);
        }
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
