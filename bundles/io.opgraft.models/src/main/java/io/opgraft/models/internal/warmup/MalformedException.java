package io.opgraft.models.internal.warmup;

/** A warm-up file is not what it must be. The message is part of a sentence that begins with the file. */
class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message);
    }
}
