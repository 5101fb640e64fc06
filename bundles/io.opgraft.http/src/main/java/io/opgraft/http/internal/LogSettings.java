package io.opgraft.http.internal;

import java.lang.management.PlatformLoggingMXBean;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server's log shows, in the words that clients know: each kind of message by itself. Changes last until the
 * server ends.
 */
final class LogSettings {
    private static final Logger LOG = LoggerFactory.getLogger(LogSettings.class);
    private static final String OURS = "io.opgraft";

    /** Name of the logger above all others. */
    private static final String ROOT = "";

    private static final int FINEST = 2;

    private final Logger ours = LoggerFactory.getLogger(OURS);
    private final PlatformLoggingMXBean levels;
    private final Consumer<Set<String>> hidden;
    private final String rootLevel;
    private int verbose;

    /**
     * Makes the settings.
     *
     * @param levels what sets levels; null if nothing here can
     * @param hidden takes the levels to leave out although lower ones are shown; null if nothing here can
     */
    LogSettings(PlatformLoggingMXBean levels, Consumer<Set<String>> hidden) {
        this.levels = levels;
        this.hidden = hidden;
        this.rootLevel = levels == null ? null : levels.getLoggerLevel(ROOT);
    }

    /**
     * What is shown.
     *
     * @param verbose 0, or how much more than information
     */
    record Shown(boolean info, boolean warning, boolean error, int verbose) {
        /** The lowest level of what is shown, by the names of java.util.logging. */
        private String lowest() {
            if (verbose > 0) {
                return verbose >= FINEST ? "FINER" : "FINE";
            }
            if (info) {
                return "INFO";
            }
            if (warning) {
                return "WARNING";
            }
            return error ? "SEVERE" : "OFF";
        }

        /** The levels above the lowest that are not shown. */
        private Set<String> gaps() {
            Set<String> gaps = new HashSet<>();
            if (verbose > 0 && !info) {
                gaps.add("INFO");
            }
            if ((verbose > 0 || info) && !warning) {
                gaps.add("WARNING");
            }
            if ((verbose > 0 || info || warning) && !error) {
                gaps.add("SEVERE");
            }
            return gaps;
        }
    }

    synchronized Shown shown() {
        int now = ours.isTraceEnabled() ? Math.max(verbose, FINEST) : ours.isDebugEnabled() ? 1 : 0;
        return new Shown(ours.isInfoEnabled(), ours.isWarnEnabled(), ours.isErrorEnabled(), now);
    }

    /** Takes them over, or refuses them all. */
    synchronized void change(Shown wanted) throws HttpFailure {
        Shown before = shown();
        if (wanted.equals(before)) {
            return;
        }
        Set<String> gaps = wanted.gaps();
        if (levels == null || (hidden == null && !gaps.isEmpty())) {
            throw HttpFailure.unsupported(
                    levels == null ? "changing log levels" : "hiding a level of the log but none below it",
                    "the log belongs to the program that it is part of");
        }
        if (before.warning()) {
            tell(wanted);
        }
        // What others log is shown from warnings on, unless less is wanted.
        boolean less = !wanted.warning() && !wanted.info() && wanted.verbose() == 0;
        levels.setLoggerLevel(ROOT, less ? wanted.lowest() : rootLevel);
        levels.setLoggerLevel(OURS, wanted.lowest());
        if (hidden != null) {
            hidden.accept(gaps);
        }
        verbose = wanted.verbose();
        if (!before.warning()) {
            tell(wanted);
        }
    }

    /** While warnings are shown: a change that hides them is told before, one that shows them after. */
    private static void tell(Shown wanted) {
        LOG.warn("A request sets what the log shows: {}", wanted);
    }
}
