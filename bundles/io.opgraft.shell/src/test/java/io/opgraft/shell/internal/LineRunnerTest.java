package io.opgraft.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.shell.internal.LineRunner.Result;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineRunnerTest {
    private final Gogo gogo = new Gogo();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream outPrint = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final PrintStream errPrint = new PrintStream(err, true, StandardCharsets.UTF_8);
    private final CommandSession session =
            gogo.processor.createSession(InputStream.nullInputStream(), outPrint, errPrint);
    private final LineRunner runner = new LineRunner(session, outPrint, errPrint);

    @AfterEach
    void close() {
        session.close();
        gogo.close();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "test:say hello | you said hello",
                "say \"two words\" | you said two words",
                "test:number | 42",
                "test:list | one\\ntwo",
                "x = 5; say $x | you said 5",
            })
    void resultsAreShown(String line, String expected) {
        assertEquals(Result.DONE, runner.run(line), err());
        assertEquals(expected.replace("\\n", "\n"), out().strip());
        assertEquals("", err());
    }

    @Test
    void whatACommandPrintsStaysApart() {
        assertEquals(Result.DONE, runner.run("test:warn x"));
        assertEquals("out x", out().strip());
        assertEquals("err x", err().strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nosuch | gogo: Command not found: nosuch",
                "test:fail | gogo: This went wrong.",
                "test:silent | gogo: IllegalStateException",
                "test:crash | gogo: an assertion",
                "test:say | gogo: say needs an argument; help say tells what it takes.",
                "test:say 1 2 | gogo: say does not take these arguments; help say tells what it takes.",
            })
    void anErrorIsOneLine(String line, String expected) {
        assertEquals(Result.FAILED, runner.run(line));
        assertEquals(expected, err().strip());
    }

    @Test
    void aSyntaxErrorIsOneLineToo() {
        assertEquals(Result.FAILED, runner.run("say {"));
        assertEquals(1, err().strip().lines().count(), err());
        assertTrue(err().startsWith("gogo: "), err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", " quit ", "close", "logout"})
    void leavingEndsOnlyTheSession(String line) {
        assertEquals(Result.CLOSED, runner.run(line));
    }

    @Test
    void shutdownIsNotTakenByAccident() {
        assertEquals(Result.FAILED, runner.run("shutdown"));
        assertTrue(err().contains("stop 0"), err());
    }

    @Test
    void theSessionOutlivesAnError() {
        runner.run("test:fail");
        assertEquals(Result.DONE, runner.run("test:number"));
    }
}
