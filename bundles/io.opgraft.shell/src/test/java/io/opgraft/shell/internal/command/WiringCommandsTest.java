package io.opgraft.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.UnknownModelException;
import io.opgraft.shell.internal.GogoSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands as Gogo calls them. */
class WiringCommandsTest {
    private final CommandProcessorImpl gogo;

    WiringCommandsTest() {
        gogo = new CommandProcessorImpl(GogoSession.THREAD_IO);
        WiringCommands commands = new WiringCommands(new CommandsTest.ThreeModels());
        gogo.addCommand("opgraft", commands, "wiring");
        gogo.addCommand("opgraft", commands, "bom");
    }

    @AfterEach
    void stop() {
        gogo.stop();
    }

    private String run(String line) throws Exception {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        try (CommandSession session = gogo.createSession(new ByteArrayInputStream(new byte[0]), nowhere, nowhere)) {
            return String.valueOf(session.execute(line));
        }
    }

    private static void assertHas(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + " is not in:\n" + text);
        }
    }

    @Test
    void wiringIsATable() throws Exception {
        assertHas(run("wiring"), "good", "AddSub", "acme/1.0.0", "0123456789ab", "isolatable", "missing", "(WAITING)");
        assertFalse(run("wiring good").contains("missing"));
    }

    @Test
    void wiringIsADocument() throws Exception {
        assertHas(run("wiring --dot"), "digraph wiring {", "\"model good/3\"", "\"op Clip\"");
        String one = run("wiring good --dot");
        assertFalse(one.contains("Clip"));
        assertEquals(one, run("opgraft:wiring --dot good"));
        assertHas(run("wiring missing --json"), "{\"models\":[{\"model\":\"missing\",", "OP_MISSING");
    }

    @Test
    void aBillNamesTheLibraries() throws Exception {
        assertHas(run("bom good"), "good version 3 is READY.", "acme/1.0.0", "AddSub", "0123456789abcdef");
        assertHas(run("bom missing"), "Nothing computes Clip now.");
        assertHas(run("bom idle"), "idle is UNLOADED.", "No op library computes it.");
        assertHas(run("bom --json good"), "{\"model\":\"good\",", "\"components\":[{\"bundle\":\"acme\",");
    }

    @Test
    void wrongUseIsToldWithTheRightOne() {
        assertThrows(UnknownModelException.class, () -> run("wiring nobody"));
        assertThrows(UnknownModelException.class, () -> run("bom nobody --json"));
        for (String line : new String[] {"wiring --svg", "wiring good missing", "bom", "bom good --dot"}) {
            Exception failure = assertThrows(IllegalArgumentException.class, () -> run(line));
            assertHas(failure.getMessage(), "usage: ", line.split(" ", -1)[0]);
        }
    }
}
