package io.opgraft.http.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A body that is only looked at when it is complete, and small. */
final class SmallBody implements BodySink {
    private static final int LIMIT = 64 * 1024;

    /** Answers a request whose body is there; may block. */
    interface Action {
        void run(byte[] body) throws HttpFailure;
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Exchange exchange;
    private final Action action;

    private SmallBody(Exchange exchange, Action action) {
        this.exchange = exchange;
        this.action = action;
    }

    static void read(Exchange exchange, BodyLimits limits, Action action) {
        read(exchange, limits, LIMIT, action);
    }

    static void read(Exchange exchange, BodyLimits limits, long limit, Action action) {
        BodyReader.read(exchange, limits.withBytes(Math.min(limit, limits.bytes())), new SmallBody(exchange, action));
    }

    @Override
    public void accept(ByteBuffer source) {
        byte[] piece = new byte[source.remaining()];
        source.get(piece);
        bytes.writeBytes(piece);
    }

    @Override
    public void complete() {
        exchange.execute(() -> {
            try {
                action.run(bytes.toByteArray());
            } catch (HttpFailure | RuntimeException | Error e) {
                exchange.fail(e);
            }
        });
    }

    @Override
    public void close() {}
}
