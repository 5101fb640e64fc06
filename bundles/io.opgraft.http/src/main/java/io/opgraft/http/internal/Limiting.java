package io.opgraft.http.internal;

import java.nio.ByteBuffer;

/** Refuses a body beyond a number of bytes. */
final class Limiting implements BodySink {
    private final long limit;
    private final BodySink target;
    private long count;

    Limiting(long limit, BodySink target) {
        this.limit = limit;
        this.target = target;
    }

    @Override
    public void accept(ByteBuffer bytes) throws HttpFailure {
        count += bytes.remaining();
        if (count > limit) {
            throw HttpFailure.tooLarge(limit);
        }
        target.accept(bytes);
    }

    @Override
    public void complete() throws HttpFailure {
        target.complete();
    }

    @Override
    public void close() {
        target.close();
    }
}
