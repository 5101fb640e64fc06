package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
    private final LoggerContext context = new LoggerContext();
    private final LogLevels levels = new LogLevels(context);

    @Test
    void setsWhatIsLogged() {
        assertEquals("FINE", levels.getLoggerLevel(""), "what a log without settings shows");
        levels.setLoggerLevel("", "WARNING");
        levels.setLoggerLevel("a.b", "FINER");
        assertTrue(context.getLogger("a.b.c").isTraceEnabled());
        assertTrue(context.getLogger("a").isWarnEnabled());
        assertFalse(context.getLogger("a").isInfoEnabled());
        levels.setLoggerLevel("a.b", null);
        assertFalse(context.getLogger("a.b.c").isInfoEnabled());
        levels.setLoggerLevel("", "OFF");
        assertFalse(context.getLogger("a.b.c").isErrorEnabled());
    }

    @Test
    void tellsWhatWasSet() {
        for (String level : List.of("OFF", "SEVERE", "WARNING", "INFO", "FINE", "FINER")) {
            levels.setLoggerLevel("x.y", level);
            assertEquals(level, levels.getLoggerLevel("x.y"));
        }
        assertEquals("", levels.getLoggerLevel("x"));
        assertNull(levels.getLoggerLevel("nobody"));
        assertEquals("x", levels.getParentLoggerName("x.y"));
        assertEquals("", levels.getParentLoggerName("x"));
        assertNull(levels.getParentLoggerName("nobody"));
        assertEquals(List.of("", "x", "x.y"), levels.getLoggerNames());
        assertEquals("opgraft-log", levels.getObjectName().getKeyProperty("name"));
    }

    @Test
    void leavesLevelsOutOneByOne() {
        HiddenLevels hidden = new HiddenLevels(context);
        levels.setLoggerLevel("", "INFO");
        hidden.accept(Set.of("WARNING"));
        assertTrue(context.getLogger("a").isInfoEnabled());
        assertFalse(context.getLogger("a").isWarnEnabled());
        assertTrue(context.getLogger("a").isErrorEnabled());
        hidden.accept(Set.of("SEVERE", "INFO"));
        assertFalse(context.getLogger("a").isInfoEnabled());
        assertTrue(context.getLogger("a").isWarnEnabled());
        assertFalse(context.getLogger("a").isErrorEnabled());
        hidden.accept(Set.of());
        assertTrue(context.getLogger("a").isInfoEnabled());
        assertTrue(context.getTurboFilterList().isEmpty());
        assertThrows(IllegalArgumentException.class, () -> hidden.accept(Set.of("LOUD")));
    }

    @Test
    void anotherWordIsNoLevel() {
        assertThrows(IllegalArgumentException.class, () -> levels.setLoggerLevel("x", "LOUD"));
    }
}
