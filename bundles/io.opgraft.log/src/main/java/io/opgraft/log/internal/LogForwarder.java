package io.opgraft.log.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Forwards entries of the OSGi log to SLF4J. Without it, the framework's and the component runtime's errors would be kept
 * in memory and shown to nobody.
 */
@Component(
        service = {},
        immediate = true)
public final class LogForwarder implements LogListener {
    private final LogReaderService reader;

    /**
     * Starts to forward.
     *
     * @param reader where entries come from
     */
    @Activate
    public LogForwarder(@Reference LogReaderService reader) {
        this.reader = reader;
        reader.addLogListener(this);
    }

    /** Ends forwarding. */
    @Deactivate
    void deactivate() {
        reader.removeLogListener(this);
    }

    @Override
    public void logged(LogEntry entry) {
        Logger logger = LoggerFactory.getLogger(name(entry));
        LoggingEventBuilder event =
                switch (entry.getLogLevel()) {
                    case AUDIT, ERROR -> logger.atError();
                    case WARN -> logger.atWarn();
                    case INFO -> logger.atInfo();
                    case DEBUG -> logger.atDebug();
                    case TRACE -> logger.atTrace();
                };
        Throwable cause = entry.getException();
        event.log(cause == null ? entry.getMessage() : entry.getMessage() + ": " + text(cause));
        if (cause != null) {
            logger.debug("Stack trace of the above", cause);
        }
    }

    /** The logger's own name; for those who logged without a name, the bundle's. */
    private static String name(LogEntry entry) {
        String name = entry.getLoggerName();
        if (name != null && !name.isEmpty() && !name.startsWith("LogService")) {
            return name;
        }
        String bundle = entry.getBundle() == null ? null : entry.getBundle().getSymbolicName();
        return bundle == null ? "osgi" : bundle;
    }

    /** An exception and its causes in one line. */
    private static String text(Throwable e) {
        StringBuilder text = new StringBuilder(e.toString());
        int depth = 0;
        for (Throwable cause = e.getCause(); cause != null && depth < 10; cause = cause.getCause(), depth++) {
            text.append("; caused by ").append(cause);
        }
        return text.toString().replaceAll("\\s+", " ");
    }
}
