package io.opgraft.http.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A body that is only looked at when it is complete, and small. */
final class SmallBody implements BodySink {
    private static final int LIMIT = 64 * 1024;

    /** Answers a request whose body is there. */
    interface Action {
        void run(byte[] body) throws HttpFailure;
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Action action;

    private SmallBody(Action action) {
        this.action = action;
    }

    static void read(Exchange exchange, BodyLimits limits, Action action) {
        read(exchange, limits, LIMIT, action);
    }

    static void read(Exchange exchange, BodyLimits limits, long limit, Action action) {
        BodyReader.read(exchange, limits.withBytes(Math.min(limit, limits.bytes())), new SmallBody(action));
    }

    @Override
    public void accept(ByteBuffer source) {
        byte[] piece = new byte[source.remaining()];
        source.get(piece);
        bytes.writeBytes(piece);
    }

    @Override
    public void complete() throws HttpFailure {
        action.run(bytes.toByteArray());
    }

    @Override
    public void close() {}
}
