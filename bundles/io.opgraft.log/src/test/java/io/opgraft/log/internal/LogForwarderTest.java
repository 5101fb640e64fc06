package io.opgraft.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.LoggerFactory;

class LogForwarderTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
    private final List<LogListener> listeners = new ArrayList<>();
    private LogForwarder forwarder;

    @BeforeEach
    void start() {
        root.setLevel(Level.INFO);
        root.detachAndStopAllAppenders();
        seen.start();
        root.addAppender(seen);
        forwarder = new LogForwarder(stub(LogReaderService.class, Map.of()));
    }

    @AfterEach
    void stop() {
        root.detachAppender(seen);
    }

    /** An object that answers from a map, and keeps listeners. */
    private <T> T stub(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if ("addLogListener".equals(method.getName())) {
                listeners.add((LogListener) args[0]);
            } else if ("removeLogListener".equals(method.getName())) {
                listeners.remove((LogListener) args[0]);
            }
            return answers.get(method.getName());
        }));
    }

    private void log(Map<String, Object> answers) {
        listeners.forEach(listener -> listener.logged(stub(LogEntry.class, answers)));
    }

    private ILoggingEvent only() {
        assertEquals(1, seen.list.size());
        return seen.list.get(0);
    }

    @Test
    void keepsLevelNameAndMessage() {
        log(Map.of("getLogLevel", LogLevel.WARN, "getLoggerName", "a.b", "getMessage", "Look."));
        assertEquals(Level.WARN, only().getLevel());
        assertEquals("a.b", only().getLoggerName());
        assertEquals("Look.", only().getFormattedMessage());
    }

    @Test
    void aNamelessLoggerIsCalledByItsBundle() {
        Bundle bundle = stub(Bundle.class, Map.of("getSymbolicName", "acme"));
        log(Map.of(
                "getLogLevel", LogLevel.ERROR, "getLoggerName", "LogService", "getMessage", "m", "getBundle", bundle));
        assertEquals("acme", only().getLoggerName());
    }

    @Test
    void anExceptionIsOneLineWithItsCauses() {
        log(Map.of(
                "getLogLevel",
                LogLevel.ERROR,
                "getMessage",
                "Failed",
                "getException",
                new IllegalStateException("outer\nline", new IllegalArgumentException("inner"))));
        assertEquals(
                "Failed: java.lang.IllegalStateException: outer line; caused by"
                        + " java.lang.IllegalArgumentException: inner",
                only().getFormattedMessage());
    }

    @Test
    void bracesInAMessageAreNotPlaceholders() {
        log(Map.of("getLogLevel", LogLevel.INFO, "getMessage", "a {} b"));
        assertEquals("a {} b", only().getFormattedMessage());
    }

    @Test
    void listensNoLongerThanItLives() {
        forwarder.deactivate();
        assertEquals(List.of(), listeners);
    }
}
