package io.opgraft.models;

import java.time.Instant;
import java.util.Objects;

/**
 * A wiring that began to serve.
 *
 * @param version the model's version
 * @param time when the first request could reach it
 * @param cause what made it serve
 * @param detail the cause in words, such as {@code acme 1.0.0 -> 1.1.0}
 * @param wiring the ops; providers whose bundle has gone since are {@code FORMER}
 */
public record WiringChange(long version, Instant time, Cause cause, String detail, Wiring wiring) {
    /** What makes a wiring serve. */
    public enum Cause {
        /** The server started, or a framework backend came. */
        STARTED,
        /** Op bundles came, went or were updated. */
        OPS,
        /** The model's files changed. */
        FILES,
        /** Somebody asked for the model. */
        LOADED,
        /** Somebody took a change back. */
        ROLLBACK,
        /** Somebody ended a hold. */
        RELEASE
    }

    /** Checks that all is there. */
    public WiringChange {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(wiring, "wiring");
    }
}
