package io.opgraft.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAligned() {
        assertEquals(
                "NAME   N\nlong1  1\nx      20\n-      3",
                new Table("NAME", "N").row("long1", 1).row("x", 20).row("", 3).toString());
    }

    @Test
    void aCellCanNeitherBreakTheTableNorSteerTheTerminal() {
        assertEquals(
                "A\na b  [31m".replace("  ", " "),
                new Table("A").row("a\nb\u001b[31m").toString());
    }

    @Test
    void isEmptyWithoutRows() {
        assertTrue(new Table("A").isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new Table("A").row(1, 2));
    }
}
