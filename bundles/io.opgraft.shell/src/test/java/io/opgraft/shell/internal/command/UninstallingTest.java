package io.opgraft.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UninstallingTest {
    @TempDir
    private Path folder;

    @Test
    void locationsAreNotedUntilTheEnd() throws Exception {
        Path file = folder.resolve("state").resolve("uninstalling");
        Uninstalling uninstalling = new Uninstalling(file);
        uninstalling.begin("file:/b.jar");
        uninstalling.begin("file:/a.jar");
        assertEquals("file:/a.jar\nfile:/b.jar", Files.readString(file));
        uninstalling.end("file:/a.jar");
        assertEquals("file:/b.jar", Files.readString(file));
        uninstalling.end("file:/b.jar");
        assertEquals("", Files.readString(file));
    }
}
