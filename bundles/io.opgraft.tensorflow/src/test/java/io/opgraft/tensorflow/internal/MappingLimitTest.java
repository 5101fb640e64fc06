package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingLimitTest {
    @TempDir
    Path folder;

    private Path mappings;
    private MappingLimit limit;

    @BeforeEach
    void allowThousand() throws IOException {
        mappings = folder.resolve("maps");
        Path allowed = Files.writeString(folder.resolve("max_map_count"), "1000\n");
        limit = new MappingLimit(mappings, allowed);
    }

    private void map(int count) throws IOException {
        Files.writeString(mappings, "7f00-7f01 r--p 00000000 00:00 0\n".repeat(count));
    }

    @Test
    void refusesBeforeTheSystemDoes() throws IOException {
        map(899);
        assertNull(limit.refusal(1));
        map(900);
        assertEquals(
                "this process has 900 memory mappings, each loaded library takes some until it ends, and the system allows"
                        + " it 1000; restart the server, or raise vm.max_map_count with sysctl",
                limit.refusal(1));
    }

    @Test
    void countsAgainOnceFilesMayHaveUsedUpTheRoom() throws IOException {
        map(700);
        assertNull(limit.refusal(1));
        map(1000);
        // 200 are left, and a file is taken to need 32.
        assertNull(limit.refusal(4));
        assertNull(limit.refusal(2));
        assertEquals("this process has 1000", limit.refusal(1).substring(0, 21));
    }

    @Test
    void thisProcessHasRoom() {
        assertNull(new MappingLimit().refusal(1));
    }

    @Test
    void whereNothingIsKnownLoadingDecides() {
        assertNull(limit.refusal(1));
    }
}
