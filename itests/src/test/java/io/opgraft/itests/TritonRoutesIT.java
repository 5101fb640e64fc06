package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route with Triton's own Python clients, sync and asyncio, on the models that Triton's examples expect. */
class TritonRoutesIT {
    @TempDir
    Path folder;

    @Test
    void everyRouteAnswersBothClients() throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        for (String name : new String[] {"simple", "simple_string", "simple_identity", "simple_ensemble"}) {
            FixtureRepository.copyTree(AddSub.models().resolve(name), models.resolve(name));
        }
        try (ServerProcess server = ServerProcess.start(
                folder.resolve("data"), models, "--model-control-mode=explicit", "--load-model=*")) {
            Opgraft.Result client = Opgraft.run(new ProcessBuilder(
                    System.getProperty("opgraft.python"),
                    "src/test/python/every_route.py",
                    server.address().getAuthority()));
            assertEquals(0, client.exit(), client.out() + client.err());
        }
    }
}
