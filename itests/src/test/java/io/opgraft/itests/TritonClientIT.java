package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Triton's own Python client, unmodified, gets right answers. */
class TritonClientIT {
    @TempDir
    Path folder;

    @Test
    void clientExampleIsRight() throws Exception {
        Path data = folder.resolve("data");
        AddSub.deployAll(data.resolve("deploy"));
        try (ServerProcess server = ServerProcess.start(data, AddSub.models())) {
            Opgraft.Result client = Opgraft.run(new ProcessBuilder(
                    System.getProperty("opgraft.python"),
                    "src/test/python/client_example.py",
                    server.address().getAuthority()));
            assertEquals(0, client.exit(), client.out() + client.err());
        }
    }
}
