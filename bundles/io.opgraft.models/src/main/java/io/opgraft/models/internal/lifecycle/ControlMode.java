package io.opgraft.models.internal.lifecycle;

import java.util.Locale;

/** Who decides which models are loaded. */
enum ControlMode {
    /** All that the repositories hold at start. */
    NONE,
    /** All that the repositories hold at any time. */
    POLL,
    /** Those that were named at start or by request. */
    EXPLICIT;

    /** The mode of a configuration's value. */
    static ControlMode of(String value) {
        try {
            return valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "controlMode is \"" + value + "\", but must be none, poll or explicit", e);
        }
    }
}
