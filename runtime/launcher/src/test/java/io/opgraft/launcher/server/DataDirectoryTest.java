package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.launcher.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void isMadePrivate() throws Exception {
        Path path = folder.resolve("a/b");
        try (DataDirectory data = DataDirectory.open(path)) {
            assertEquals(path, data.path());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }

    @Test
    void aSecondServerLearnsWhoHasIt() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (DataDirectory first = DataDirectory.open(folder)) {
            var e = assertThrows(CommandFailedException.class, () -> DataDirectory.open(first.path()));
            assertTrue(e.getMessage().contains(pid), e.getMessage());
            assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
        }
        DataDirectory.open(folder).close();
    }

    @Test
    void aFileInItsPlaceIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        var e = assertThrows(CommandFailedException.class, () -> DataDirectory.open(file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
}
