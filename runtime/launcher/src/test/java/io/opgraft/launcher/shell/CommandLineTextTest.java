package io.opgraft.launcher.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTextTest {
    @Test
    void oneWordIsALineAlready() {
        assertEquals("opgraft:explain a | x", CommandLineText.join(List.of("opgraft:explain a | x")));
    }

    @Test
    void severalWordsAreJoined() {
        assertEquals("opgraft:explain a", CommandLineText.join(List.of("opgraft:explain", "a")));
    }

    @Test
    void whatTheUsersShellUnquotedIsQuotedAgain() {
        assertEquals(
                "install \"file:/my dir/a.jar\" \"\"",
                CommandLineText.join(List.of("install", "file:/my dir/a.jar", "")));
        assertEquals("x \"a \\\"b\\\" \\$c \\\\\"", CommandLineText.join(List.of("x", "a \"b\" $c \\")));
    }
}
