package io.opgraft.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that the distribution ships: what clients send can never look like a log line of its own. */
class LogSettingsTest {
    private static final Path CONF = Path.of("..", "..", "runtime", "distribution", "src", "main", "dist", "conf");
    private static final String FORGED = "12:00:00.000 INFO  i.o.http.Forged          all is well";

    private static final List<String> BREAKS =
            List.of("\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u000b", "\f", "\u001b[2K\r", "\0\n", "\b\n");

    /** What the settings in a file make of log events. */
    private static String logged(String file, Consumer<Logger> events) {
        return logged(file, Map.of(), events);
    }

    /** The same on a thread that works for something. */
    private static String logged(String file, Map<String, String> around, Consumer<Logger> events) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            LoggerContext context = new LoggerContext();
            LogbackMDCAdapter adapter = new LogbackMDCAdapter();
            around.forEach(adapter::put);
            context.setMDCAdapter(adapter);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(CONF.resolve(file).toFile());
            events.accept(context.getLogger("io.opgraft.Test"));
            context.stop();
        } catch (JoranException e) {
            throw new IllegalStateException(e);
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logback.xml", "logback-tools.xml", "logback-json.xml"})
    void oneMessageIsOneLine(String file) {
        for (String separator : BREAKS) {
            String text = logged(file, log -> log.atError()
                    .addKeyValue("request_id", "a" + separator + FORGED)
                    .log("b" + separator + FORGED));
            assertEquals(1, text.lines().count(), text);
            assertTrue(text.endsWith("\n") && text.indexOf('\n') == text.length() - 1, text);
            assertTrue(text.contains("all is well"), text);
            for (char c : text.strip().toCharArray()) {
                assertTrue(c >= ' ', text);
            }
            if (!file.contains("json")) {
                assertEquals(-1, text.indexOf('\u0085'), text);
                assertTrue(text.matches("(?s)[0-9:.]{12} ERROR .*\n"), text);
                assertEquals(-1, Math.max(text.indexOf('\u2028'), text.indexOf('\u2029')), text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logback.xml", "logback-tools.xml"})
    void stackTracesCanBeToldFromLines(String file) {
        for (String separator : List.of("\n", "\r", "\r\n")) {
            Exception cause = new IllegalStateException("x" + separator + FORGED);
            String text = logged(file, log -> log.error("Broken", cause));
            List<String> lines = text.lines().toList();
            assertTrue(lines.get(0).endsWith(" Broken"), text);
            assertTrue(lines.size() > 3, text);
            for (String line : lines.subList(1, lines.size())) {
                assertTrue(line.startsWith("    | "), text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logback.xml", "logback-json.xml"})
    void keysAndValuesAreShown(String file) {
        String text = logged(file, log -> log.atWarn()
                .addKeyValue("model", "addsub")
                .addKeyValue("request_id", "r-17")
                .log("It failed"));
        for (String part : List.of("It failed", "model", "addsub", "request_id", "r-17")) {
            assertTrue(text.contains(part), text);
        }
        assertEquals(1, text.lines().count(), text);
    }

    @Test
    void whatAThreadWorksForIsInTheJson() {
        Map<String, String> around = Map.of("model", "addsub");
        String json = logged("logback-json.xml", around, log -> log.warn("It is not ready"));
        assertTrue(json.contains("\"mdc\": {\"model\":\"addsub\"}"), json);
        // The text of such a line names the model already.
        assertTrue(logged("logback.xml", around, log -> log.warn("It is not ready"))
                .endsWith(" It is not ready\n"));
    }
}
