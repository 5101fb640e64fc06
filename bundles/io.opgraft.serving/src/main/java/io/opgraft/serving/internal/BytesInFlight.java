package io.opgraft.serving.internal;

import io.opgraft.serving.OverloadException;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes that the inputs of open requests take. */
final class BytesInFlight {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /**
     * Makes the account.
     *
     * @param limit in bytes, 0 for none
     */
    BytesInFlight(long limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes.
     *
     * @throws OverloadException if there are too many; none were taken then
     */
    void take(long bytes) throws OverloadException {
        long now = taken.addAndGet(bytes);
        if (limit > 0 && now > limit) {
            taken.addAndGet(-bytes);
            throw new OverloadException(
                    "the inputs of the requests under way take " + (now - bytes) + " bytes, and with " + bytes
                            + " more they exceed the limit of " + limit + "; try again later",
                    1);
        }
    }

    void giveBack(long bytes) {
        if (bytes > 0) {
            taken.addAndGet(-bytes);
        }
    }

    long taken() {
        return taken.get();
    }
}
