package io.opgraft.serving;

/** Why a request was not answered. */
public enum FailureReason {
    /** A queue was full, or too many bytes were in flight. */
    OVERLOAD,
    /** The time that it might wait was over. */
    DEADLINE,
    /** Nobody waited for the answer any more. */
    CANCELLED,
    /** The model failed. */
    BACKEND,
    /** The request itself was at fault, or was never complete. */
    OTHER
}
