package io.opgraft.demo;

/** The story cannot go on; the message says why in words for the user. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message);
    }
}
