package io.opgraft.launcher.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformLoggingMXBean;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * The levels of the log, for bundles: a service of a JDK type, with the level names of java.util.logging, so that no
 * bundle has to know what writes the log.
 */
final class LogLevels implements PlatformLoggingMXBean {
    private final LoggerContext context;

    LogLevels(LoggerContext context) {
        this.context = context;
    }

    /** Makes the services known, unless something else than the distribution's own library writes the log. */
    static void offer(BundleContext bundles) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext logback) {
            bundles.registerService(PlatformLoggingMXBean.class, new LogLevels(logback), null);
            bundles.registerService(
                    Consumer.class,
                    new HiddenLevels(logback),
                    FrameworkUtil.asDictionary(Map.of("opgraft.log", "hidden")));
        }
    }

    @Override
    public List<String> getLoggerNames() {
        return context.getLoggerList().stream().map(LogLevels::name).toList();
    }

    /** The level of its own, empty if it takes that of its parent; null if there is no such logger. */
    @Override
    public String getLoggerLevel(String name) {
        Logger logger = context.exists(logback(name));
        if (logger == null) {
            return null;
        }
        Level level = logger.getLevel();
        return level == null ? "" : jdk(level);
    }

    /** Sets the level of a logger, which is made if there is none; null takes it away. */
    @Override
    public void setLoggerLevel(String name, String level) {
        context.getLogger(logback(name)).setLevel(level == null ? null : logbackLevel(level));
    }

    @Override
    public String getParentLoggerName(String name) {
        if (context.exists(logback(name)) == null) {
            return null;
        }
        // Each name between two dots has a logger here.
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    @Override
    public ObjectName getObjectName() {
        try {
            return new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME + ",name=opgraft-log");
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String logback(String name) {
        return name.isEmpty() ? org.slf4j.Logger.ROOT_LOGGER_NAME : name;
    }

    private static String name(Logger logger) {
        return logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? "" : logger.getName();
    }

    private static String jdk(Level level) {
        return switch (level.toInt()) {
            case Level.OFF_INT -> "OFF";
            case Level.ERROR_INT -> "SEVERE";
            case Level.WARN_INT -> "WARNING";
            case Level.INFO_INT -> "INFO";
            case Level.DEBUG_INT -> "FINE";
            case Level.TRACE_INT -> "FINER";
            default -> "FINEST";
        };
    }

    static Level logbackLevel(String level) {
        return switch (level) {
            case "OFF" -> Level.OFF;
            case "SEVERE" -> Level.ERROR;
            case "WARNING" -> Level.WARN;
            case "INFO", "CONFIG" -> Level.INFO;
            case "FINE" -> Level.DEBUG;
            case "FINER", "FINEST", "ALL" -> Level.TRACE;
            default -> throw new IllegalArgumentException("no level of java.util.logging: " + level);
        };
    }
}
