package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route with Triton's own Python clients, sync and asyncio, on the models that Triton's examples expect. */
class TritonRoutesIT {
    /** A GraphDef: OUTPUT0 = INPUT0 + INPUT1, where INPUT1 is a PlaceholderWithDefault of 10, 20, 30, 40. */
    private static final String OPTIONAL_GRAPH =
            "CkAKBklOUFVUMBILUGxhY2Vob2xkZXIqCwoFZHR5cGUSAjADKhwKBXNoYXBlEhM6ERILCP///////////wESAggECkIKAWQSBUNv"
                    + "bnN0KgsKBWR0eXBlEgIwAyopCgV2YWx1ZRIgQh4IAxIIEgIIARICCAQiEAoAAAAUAAAAHgAAACgAAAAKTgoGSU5QVVQxEhZQbGFj"
                    + "ZWhvbGRlcldpdGhEZWZhdWx0GgFkKgsKBWR0eXBlEgIwAyocCgVzaGFwZRITOhESCwj///////////8BEgIIBAopCgdPVVRQVVQw"
                    + "EgVBZGRWMhoGSU5QVVQwGgZJTlBVVDEqBwoBVBICMAM=";

    private static final String OPTIONAL_CONFIG =
            """
            platform: "tensorflow_graphdef"
            max_batch_size: 8
            input [
              { name: "INPUT0" data_type: TYPE_INT32 dims: [ 4 ] },
              { name: "INPUT1" data_type: TYPE_INT32 dims: [ 4 ] optional: true }
            ]
            output [ { name: "OUTPUT0" data_type: TYPE_INT32 dims: [ 4 ] } ]
            dynamic_batching { }
            """;

    @TempDir
    Path folder;

    @Test
    void everyRouteAnswersBothClients() throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        for (String name : new String[] {"simple", "simple_string", "simple_identity", "simple_ensemble"}) {
            FixtureRepository.copyTree(AddSub.models().resolve(name), models.resolve(name));
        }
        Path optional = Files.createDirectories(models.resolve("optional").resolve("1"));
        Files.write(optional.resolve("model.graphdef"), Base64.getDecoder().decode(OPTIONAL_GRAPH));
        Files.writeString(optional.resolveSibling("config.pbtxt"), OPTIONAL_CONFIG);
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
