package io.opgraft.launcher.server;

import org.osgi.framework.BundleException;

/** One line for an exception. */
final class Causes {
    private Causes() {}

    /** The message of the innermost cause that has one. */
    static String text(Throwable e) {
        String text = null;
        int depth = 0;
        for (Throwable cause = e; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                text = cause instanceof BundleException
                        ? cause.getMessage()
                        : cause.getClass().getSimpleName() + ": " + cause.getMessage();
            }
        }
        return (text == null ? e.getClass().getSimpleName() : text)
                .replaceAll("\\s+", " ")
                .strip();
    }
}
