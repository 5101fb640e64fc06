package io.opgraft.launcher.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Marker;

/**
 * The levels that the log leaves out although it shows lower ones, such as warnings where information is shown. For bundles
 * a service of a JDK type, which takes the names of java.util.logging.
 */
final class HiddenLevels extends TurboFilter implements Consumer<Set<String>> {
    private final LoggerContext log;
    private volatile Set<Level> hidden = Set.of();

    HiddenLevels(LoggerContext log) {
        this.log = log;
    }

    @Override
    public synchronized void accept(Set<String> names) {
        hidden = names.stream().map(LogLevels::logbackLevel).collect(Collectors.toUnmodifiableSet());
        // Not asked for every message while it hides nothing.
        log.getTurboFilterList().remove(this);
        if (!hidden.isEmpty()) {
            log.addTurboFilter(this);
        }
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable cause) {
        return hidden.contains(level) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
