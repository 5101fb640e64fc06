package io.opgraft.tensorrt.internal;

/** A plan cannot be opened or run. The message is part of a sentence whose "it" is the plan. */
final class EngineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String missingOp;

    EngineException(String message) {
        this(message, null);
    }

    /** With the op that no library of the registry has, or null. */
    EngineException(String message, String missingOp) {
        super(message);
        this.missingOp = missingOp;
    }

    String missingOp() {
        return missingOp;
    }
}
