package io.opgraft.models.internal.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are whole or not there. */
class StateFileTest {
    private static final List<List<String>> ROWS =
            List.of(List.of("a", "", "tab\there"), List.of("line\nbreak \\n", "ü", "\\"), List.of("x"));

    @TempDir
    Path directory;

    @Test
    void anyTextComesBack() throws Exception {
        StateFile file = new StateFile(directory.resolve("new/state"));
        assertEquals(List.of(), file.read("all"));
        file.write(ROWS);
        assertEquals(ROWS, file.read("all"));
        file.write(List.of());
        assertEquals(List.of(), file.read("all"));
    }

    @Test
    void everyCutAndEveryChangedByteIsNoticedAndPutAside() throws Exception {
        Path path = directory.resolve("state");
        StateFile file = new StateFile(path);
        file.write(ROWS);
        byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < whole.length; i++) {
            Files.write(path, Arrays.copyOf(whole, i));
            assertEquals(List.of(), file.read("all"), "cut at " + i);
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(path, changed);
            assertEquals(List.of(), file.read("all"), "changed at " + i);
            assertFalse(Files.exists(path));
            assertTrue(Files.exists(directory.resolve(".state.damaged")));
        }
    }

    @Test
    void leftoverOfAKilledWriteDoesNotMatter() throws Exception {
        StateFile file = new StateFile(directory.resolve("state"));
        file.write(ROWS);
        Files.writeString(directory.resolve(".state.new"), "half");
        assertEquals(ROWS, file.read("all"));
        file.write(List.of(List.of("y")));
        assertEquals(List.of(List.of("y")), file.read("all"));
    }

    @Test
    void failedWriteLeavesTheFileAsItWas() throws Exception {
        StateFile file = new StateFile(directory.resolve("state"));
        file.write(ROWS);
        Files.createDirectories(directory.resolve(".state.new/in-the-way"));
        assertThrows(IOException.class, () -> file.write(List.of()));
        assertEquals(ROWS, file.read("all"));
    }
}
