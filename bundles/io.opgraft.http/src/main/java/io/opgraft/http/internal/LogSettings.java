package io.opgraft.http.internal;

import java.lang.management.PlatformLoggingMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server's log shows, in the words that clients know. Levels are in order here: who sees warnings sees errors.
 * Changes last until the server ends.
 */
final class LogSettings {
    private static final Logger LOG = LoggerFactory.getLogger(LogSettings.class);
    private static final String OURS = "io.opgraft";

    /** Name of the logger above all others. */
    private static final String ROOT = "";

    private static final int FINEST = 2;

    private final Logger ours = LoggerFactory.getLogger(OURS);
    private final PlatformLoggingMXBean levels;
    private final String rootLevel;
    private int verbose;

    /**
     * Makes the settings.
     *
     * @param levels what sets levels; null if nothing here can
     */
    LogSettings(PlatformLoggingMXBean levels) {
        this.levels = levels;
        this.rootLevel = levels == null ? null : levels.getLoggerLevel(ROOT);
    }

    /**
     * What is shown.
     *
     * @param verbose 0, or how much more than information
     */
    record Shown(boolean info, boolean warning, boolean error, long verbose) {}

    synchronized Shown shown() {
        int now = ours.isTraceEnabled() ? Math.max(verbose, FINEST) : ours.isDebugEnabled() ? 1 : 0;
        return new Shown(ours.isInfoEnabled(), ours.isWarnEnabled(), ours.isErrorEnabled(), now);
    }

    /** Takes them over, or refuses them all. */
    synchronized void change(Shown wanted) throws HttpFailure {
        check(wanted.verbose() == 0 || wanted.info(), "log_info", "log_verbose_level is above 0");
        check(!wanted.info() || wanted.warning(), "log_warning", "log_info is on");
        check(!wanted.warning() || wanted.error(), "log_error", "log_warning is on");
        if (wanted.equals(shown())) {
            return;
        }
        if (levels == null) {
            throw HttpFailure.unsupported("changing log levels", "the log belongs to the program that it is part of");
        }
        String level = level(wanted);
        LOG.warn("A request sets the level of the log to {}", level);
        // What others log is shown from warnings on, unless less is wanted.
        levels.setLoggerLevel(ROOT, wanted.warning() ? rootLevel : level);
        levels.setLoggerLevel(OURS, level);
        verbose = (int) Math.min(wanted.verbose(), Integer.MAX_VALUE);
    }

    private static void check(boolean right, String off, String because) throws HttpFailure {
        if (!right) {
            throw HttpFailure.badRequest(off + " cannot be off while " + because
                    + ": the log shows errors, or also warnings, or also information, or all that is verbose");
        }
    }

    /** By the names of java.util.logging. */
    private static String level(Shown wanted) {
        if (wanted.verbose() > 0) {
            return wanted.verbose() >= FINEST ? "FINER" : "FINE";
        }
        if (wanted.info()) {
            return "INFO";
        }
        if (wanted.warning()) {
            return "WARNING";
        }
        return wanted.error() ? "SEVERE" : "OFF";
    }
}
