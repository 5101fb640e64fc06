package io.opgraft.http.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.PlatformLoggingMXBean;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.slf4j.LoggerFactory;

/** Levels of the log as far as they are set here. */
final class TestLevels implements PlatformLoggingMXBean {
    private static final Map<String, Level> LEVELS = Map.of(
            "OFF",
            Level.OFF,
            "SEVERE",
            Level.ERROR,
            "WARNING",
            Level.WARN,
            "INFO",
            Level.INFO,
            "FINE",
            Level.DEBUG,
            "FINER",
            Level.TRACE);

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name.isEmpty() ? org.slf4j.Logger.ROOT_LOGGER_NAME : name);
    }

    @Override
    public String getLoggerLevel(String name) {
        Level level = logger(name).getLevel();
        return level == null
                ? ""
                : LEVELS.entrySet().stream()
                        .filter(e -> e.getValue().equals(level))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
    }

    @Override
    public void setLoggerLevel(String name, String level) {
        logger(name).setLevel(level == null ? null : LEVELS.get(level));
    }

    @Override
    public List<String> getLoggerNames() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getParentLoggerName(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectName getObjectName() {
        throw new UnsupportedOperationException();
    }
}
