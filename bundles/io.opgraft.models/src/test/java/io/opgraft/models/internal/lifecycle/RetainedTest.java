package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Retained;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that stay mapped, and the limit for those that nobody uses. */
class RetainedTest {
    @TempDir
    Path directory;

    private Server served(Limits limits, String... versions) throws Exception {
        Server server = new Server(directory).model("a", 1, "AddSub").model("b", 1, "AddSub");
        server.limits = limits;
        server.backend.counts = true;
        server.start(ControlMode.NONE);
        for (String version : versions) {
            server.deploy(7, "acme", version, "AddSub");
        }
        return server;
    }

    @Test
    void usersAreNamedAndTotalsAdded() throws Exception {
        Server server = served(Limits.DEFAULT, "1.0.0", "1.1.0");
        Retained retained = server.models.changes().retained();
        assertEquals(
                List.of("acme/1.0.0 []", "acme/1.1.0 [a/1, b/1]"),
                retained.libraries().stream()
                        .map(l -> l.bundle() + " " + l.users())
                        .toList());
        assertEquals(2 << 20, Retained.bytes(retained.libraries()));
        assertEquals(1 << 20, Retained.bytes(retained.unused()));
    }

    @Test
    void newLibrariesAreRefusedAtTheLimitAndMappedOnesAreNot() throws Exception {
        Server server = served(new Limits(1000, 2, 0), "1.0.0", "1.1.0", "1.2.0");
        assertEquals("AddSub=acme/1.2.0", server.wiring("a"));
        server.deploy(7, "acme", "1.3.0", "AddSub");
        assertEquals("AddSub=acme/1.2.0", server.wiring("a"));
        assertEquals(3, server.backend.loadedLibraries.size());
        String why = server.version("a", 1).explanation().toString();
        assertEquals(
                Kind.LIBRARY_REFUSED,
                server.version("a", 1).explanation().reasons().get(0).kind());
        assertTrue(
                why.contains(
                        "it is new, and 2 libraries of 2 MiB that no model uses any more stay mapped until the server "
                                + "ends, which reaches the limit of maxRetainedLibraries 2; restart the server, or raise the "
                                + "limit"),
                why);
        // Bytes that are mapped already cost nothing.
        server.deploy(7, "acme", "1.1.0", "AddSub");
        assertEquals("AddSub=acme/1.1.0", server.wiring("a"));
        server.models.changes().rollback("a");
        assertEquals("AddSub=acme/1.2.0", server.wiring("a"));
    }

    @Test
    void memoryIsALimitToo() throws Exception {
        Server server = served(new Limits(1000, 0, 1 << 20), "1.0.0", "1.1.0", "1.2.0");
        assertEquals("AddSub=acme/1.1.0", server.wiring("a"));
        assertTrue(server.version("a", 1).explanation().toString().contains("the limit of maxRetainedMegabytes 1;"));
    }
}
