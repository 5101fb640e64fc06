package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemFoldersTest {
    @Test
    void findsWhatEveryProgramNeeds() {
        Path found = SystemFolders.find("libc.so.6");

        assertNotNull(found);
        assertTrue(Files.isRegularFile(found));
        assertEquals("libc.so.6", String.valueOf(found.getFileName()));
        assertTrue(SystemFolders.all().contains(found.getParent()));
    }

    @Test
    void findsNothingForAnUnknownName() {
        assertNull(SystemFolders.find("libopgraft_nowhere.so.1"));
    }
}
