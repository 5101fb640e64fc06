package io.opgraft.launcher.server;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.osgi.framework.BundleException;

/** One line for an exception, for people: no class names where the message says it all. */
final class Causes {
    private static final int MOST = 20;

    private Causes() {}

    /** What the innermost cause that says something says. */
    static String text(Throwable e) {
        String text = e.getClass().getSimpleName();
        int depth = 0;
        for (Throwable cause = e; cause != null && depth < MOST; cause = cause.getCause(), depth++) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                text = one(cause);
            }
        }
        // Felix says everything twice.
        return text.replaceAll("\\s+", " ")
                .replaceAll(" Unresolved requirements: .*", "")
                .strip();
    }

    private static String one(Throwable cause) {
        if (cause instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (cause instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason().toLowerCase(Locale.ROOT);
        }
        // The message of others is often a bare name, which means nothing without the exception's.
        return cause instanceof BundleException || cause.getMessage().indexOf(' ') > 0
                ? cause.getMessage()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
