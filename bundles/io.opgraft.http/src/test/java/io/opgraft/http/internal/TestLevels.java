package io.opgraft.http.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.lang.management.PlatformLoggingMXBean;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.management.ObjectName;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

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

    /** Leaves levels out. */
    static final class Hidden extends TurboFilter implements Consumer<Set<String>> {
        private volatile Set<String> hidden = Set.of();

        @Override
        public void accept(Set<String> names) {
            hidden = Set.copyOf(names);
            LoggerContext context = logger("").getLoggerContext();
            context.getTurboFilterList().remove(this);
            if (!names.isEmpty()) {
                context.addTurboFilter(this);
            }
        }

        @Override
        public FilterReply decide(
                Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable cause) {
            return hidden.stream().anyMatch(name -> LEVELS.get(name).equals(level))
                    ? FilterReply.DENY
                    : FilterReply.NEUTRAL;
        }
    }
}
