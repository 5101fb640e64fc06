package io.opgraft.models;

import java.time.Instant;

/**
 * Ops of a model version that a rollback fixed. They stay as they are, over restarts and whatever op bundles come, until
 * they are released.
 *
 * @param since when the last of them was fixed
 * @param by what fixed them, such as {@code rollback of bundle io.acme.addsub}
 * @param wiring the ops that are fixed; others of the model version move freely
 */
public record Hold(Instant since, String by, Wiring wiring) {
    @Override
    public String toString() {
        return "held to " + wiring + " since " + since + " by " + by;
    }
}
