package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.launcher.CommandFailedException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    private Path folder;

    private static void assertRefused(Executable check, String... parts) {
        String message = assertThrows(CommandFailedException.class, check).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(message.contains("Exception"), message);
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertRefused(() -> Preflight.checkPort("127.0.0.1", port), "" + port, "--http-port");
        }
        assertDoesNotThrow(() -> Preflight.checkPort("127.0.0.1", 0));
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        // 192.0.2.0/24 is reserved for documentation.
        assertRefused(() -> Preflight.checkPort("192.0.2.1", 0), "192.0.2.1");
    }

    @Test
    void aRepositoryMustBeAFolder() throws Exception {
        Path missing = folder.resolve("missing");
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(() -> Preflight.checkRepositories(List.of(folder, missing)), missing.toString());
        assertRefused(() -> Preflight.checkRepositories(List.of(file)), file.toString(), "not a folder");
        assertDoesNotThrow(() -> Preflight.checkRepositories(List.of(folder)));
    }

    @Test
    void theDeployFolderIsMade() throws Exception {
        Path deploy = folder.resolve("a/deploy");
        Preflight.checkDeploy(deploy);
        assertTrue(Files.isDirectory(deploy));
        assertRefused(() -> Preflight.checkDeploy(folder.resolve("a,b")), "comma");
    }
}
