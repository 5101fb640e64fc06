package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, as the README tells a newcomer to run it. */
class DemoIT {
    @TempDir
    Path folder;

    @Test
    void playsTheWholeStory() throws Exception {
        Opgraft.Result demo = Opgraft.run(
                Opgraft.command("demo", "--http-port", "0", "--exit").directory(folder.toFile()));
        assertEquals(0, demo.exit(), demo.out() + demo.err());
        assertFalse(demo.out().contains("WRONG"), demo.out());
        for (String part : List.of(
                "HTTP ready on http://127.0.0.1:",
                "by TRTISExampleAddSub=io.opgraft.example.addsub/1.0.0",
                "by TRTISExampleAddSub=io.opgraft.example.addsub/2.0.0",
                "by TRTISExampleAddSub=com.example.addsub/1.0.0",
                "answers by io.opgraft.example.addsub/1.1.0",
                "failures: 0",
                "addsub_missing: HTTP 503",
                "by TRTISExampleAddSub=io.opgraft.example.addsub/3.0.0",
                "digits")) {
            assertTrue(demo.out().contains(part), part + " is not in:\n" + demo.out());
        }
    }
}
