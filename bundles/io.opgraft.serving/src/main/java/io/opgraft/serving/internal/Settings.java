package io.opgraft.serving.internal;

import java.util.concurrent.TimeUnit;

/**
 * How the request path works.
 *
 * @param inlineNanos up to which time a run stays on the thread that asked for it
 * @param maxWaiting requests that may wait for one model version; 0 for any number
 * @param maxWaitNanos how long the first of many may have waited before further ones are refused; 0 for any time
 * @param maxBytes input bytes that open requests may hold together; 0 for any number
 * @param processors runs at once of a model that says nothing about it
 */
record Settings(long inlineNanos, int maxWaiting, long maxWaitNanos, long maxBytes, int processors) {
    /** How the component is configured. */
    static Settings of(ServingConfig config) {
        return new Settings(
                TimeUnit.MICROSECONDS.toNanos(config.inlineMicros()),
                config.maxWaiting(),
                TimeUnit.MILLISECONDS.toNanos(config.maxWaitMillis()),
                config.maxBytesInFlight(),
                Runtime.getRuntime().availableProcessors());
    }
}
