package io.opgraft.http.internal;

import java.util.concurrent.Semaphore;

/** Bounds operations that hold a thread for as long as they take; those that find no place are refused at once. */
final class Places {
    /** Seconds after which a refused client may try again: loading a model takes some. */
    private static final int RETRY_SECONDS = 2;

    private final int most;
    private final Semaphore free;

    Places(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    /**
     * Takes a place.
     *
     * @param exchange what needs it
     * @return the exchange, which gives the place back at its end
     * @throws HttpFailure with status 503 if there is none
     */
    Exchange take(Exchange exchange) throws HttpFailure {
        if (!free.tryAcquire()) {
            throw HttpFailure.busy(
                    "the server has " + most + " requests for model control under way, its limit"
                            + " (maxControlRequests); try again later",
                    RETRY_SECONDS);
        }
        return exchange.withEnd(free::release);
    }

    int taken() {
        return most - free.availablePermits();
    }
}
