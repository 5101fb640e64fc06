package io.opgraft.models.internal.lifecycle;

/** Who decides which models are loaded. */
enum ControlMode {
    /** All that the repositories hold at start. */
    NONE,
    /** All that the repositories hold at any time. */
    POLL,
    /** Those that were named at start or by request. */
    EXPLICIT
}
