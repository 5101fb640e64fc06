package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Moves a request body into a sink as it arrives, without holding a thread while it does not. A body that is refused is
 * answered at once; what the client still sends is then read and dropped, so that it sees the answer.
 */
final class BodyReader implements Invocable.Task {
    /** Pieces of a body that are moved on a thread that others wait for; as a rule they have many kilobytes. */
    private static final int QUICKLY_MOVED = 256;

    private final Exchange exchange;
    private final Request request;
    private final BodySink sink;
    private final BodyLimits limits;
    private final boolean mayTakeLong;
    private boolean refused;
    private final long begin;
    private long received;
    private boolean waited;

    /** The answer to a refused body has been written, and what was left of the body is gone: both must be. */
    private final AtomicInteger pending = new AtomicInteger(2);

    private BodyReader(Exchange exchange, BodySink sink, BodyLimits limits, boolean mayTakeLong) {
        this.exchange = exchange;
        this.request = exchange.request;
        this.sink = sink;
        this.limits = limits;
        this.mayTakeLong = mayTakeLong;
        this.begin = System.nanoTime();
    }

    /**
     * Starts to read.
     *
     * @param limits what the body may cost
     */
    static void read(Exchange exchange, BodyLimits limits, BodySink sink) {
        read(exchange, limits, sink, false);
    }

    /**
     * Starts to read.
     *
     * @param limits what the body may cost
     * @param mayTakeLong whether the sink may keep its thread for long; then none is taken for which others wait
     */
    static void read(Exchange exchange, BodyLimits limits, BodySink sink, boolean mayTakeLong) {
        long limit = limits.bytes();
        BodySink chain;
        HttpFailure early = null;
        try {
            chain = new Limiting(limit, decoding(exchange, limit, sink));
            if (exchange.request.getLength() > limit) {
                early = HttpFailure.tooLarge(limit);
            }
        } catch (HttpFailure e) {
            chain = sink;
            early = e;
        }
        // Asked only when neither a read nor a write waits for the client: then a model runs, however long it takes.
        exchange.request.addIdleTimeoutListener(timeout -> false);
        BodyReader reader = new BodyReader(exchange, chain, limits, mayTakeLong);
        if (early != null) {
            reader.refuse(early);
        }
        if (mayTakeLong) {
            exchange.execute(reader);
        } else {
            reader.run();
        }
    }

    /** What takes the body as it is sent. */
    private static BodySink decoding(Exchange exchange, long limit, BodySink sink) throws HttpFailure {
        HttpFields headers = exchange.request.getHeaders();
        String encoding = headers.get(HttpHeader.CONTENT_ENCODING);
        if (encoding == null) {
            return sink;
        }
        if (headers.getValuesList(HttpHeader.CONTENT_ENCODING).size() > 1) {
            throw HttpFailure.badRequest("more than one Content-Encoding is not supported");
        }
        return Inflating.wrap(encoding, new Limiting(limit, sink), exchange.pool());
    }

    /**
     * Answers with an error without looking at the body, which is read and dropped: over HTTP/2 an unread body would
     * reset the stream, and the client might never see the answer.
     */
    static void refuse(Exchange exchange, BodyLimits limits, Throwable cause) {
        BodyReader reader = new BodyReader(exchange, Ignoring.INSTANCE, limits, false);
        reader.refuse(cause);
        reader.run();
    }

    /** A sink for a body that nobody wants. */
    private enum Ignoring implements BodySink {
        INSTANCE;

        @Override
        public void accept(ByteBuffer bytes) {
            // dropped
        }

        @Override
        public void complete() {
            // answered already
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return mayTakeLong ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        move(mayTakeLong ? Integer.MAX_VALUE : QUICKLY_MOVED);
    }

    /** Moves what is there; beyond some pieces, which may be single bytes, on a thread that no others wait for. */
    private void move(int most) {
        for (int pieces = 0; ; pieces++) {
            if (pieces == most) {
                exchange.execute(() -> move(Integer.MAX_VALUE));
                return;
            }
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                waited = true;
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                broken(chunk.getFailure());
                return;
            }
            boolean last = chunk.isLast();
            received += chunk.remaining();
            boolean slow = waited && !last && limits.tooSlow(received, System.nanoTime() - begin);
            try {
                take(chunk);
            } finally {
                chunk.release();
            }
            if (slow && !refused) {
                exchange.response.getHeaders().put(HttpHeader.CONNECTION, "close");
                refuse(HttpFailure.badRequest(
                        "the request body arrives more slowly than " + limits.bytesPerSecond() + " bytes per second"));
            }
            if (refused && (last || slow || received > 2 * limits.bytes())) {
                end();
                return;
            }
            if (last) {
                complete();
                return;
            }
        }
    }

    private void take(Content.Chunk chunk) {
        if (refused) {
            return;
        }
        try {
            sink.accept(chunk.getByteBuffer());
        } catch (HttpFailure | RuntimeException | Error e) {
            refuse(e);
        }
    }

    private void complete() {
        try {
            sink.complete();
        } catch (HttpFailure | RuntimeException | Error e) {
            sink.close();
            exchange.fail(e);
        }
    }

    private void refuse(Throwable cause) {
        refused = true;
        sink.close();
        exchange.fail(cause, Callback.from(this::end, failure -> end()));
    }

    private void end() {
        if (pending.decrementAndGet() == 0) {
            exchange.callback.succeeded();
        }
    }

    /** The client is gone or too slow. */
    private void broken(Throwable cause) {
        if (refused) {
            end();
            return;
        }
        sink.close();
        exchange.response.getHeaders().put(HttpHeader.CONNECTION, "close");
        exchange.fail(HttpFailure.badRequest("the request body did not arrive in full: " + cause.getMessage()));
    }
}
