package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models are served, by control mode. */
class ControlModesIT {
    @TempDir
    Path folder;

    private Path data;
    private Path models;

    @BeforeEach
    void layOut() throws Exception {
        data = folder.resolve("data");
        models = Files.createDirectories(folder.resolve("models"));
        FixtureRepository.copyTree(AddSub.models().resolve("addsub_v1"), models.resolve("addsub_v1"));
    }

    private static int ready(ServerProcess server, String model) throws IOException, InterruptedException {
        return server.http().get("/v2/models/" + model + "/ready").statusCode();
    }

    @Test
    void explicitServesWhatIsAskedForAndRemembersIt() throws Exception {
        AddSub.deployAll(data.resolve("deploy"));
        try (ServerProcess server = ServerProcess.start(data, models, "--model-control-mode", "explicit")) {
            assertEquals(400, ready(server, "addsub_v1"));
            HttpResponse<String> load = server.http().post("/v2/repository/models/addsub_v1/load", "");
            assertEquals(200, load.statusCode(), load.body());
            assertEquals(200, ready(server, "addsub_v1"));
            HttpResponse<String> unknown = server.http().post("/v2/repository/models/nobody/load", "");
            assertEquals(400, unknown.statusCode());
            assertTrue(unknown.body().contains("failed to load"), unknown.body());
            server.kill();
        }
        try (ServerProcess server = ServerProcess.start(data, models, "--model-control-mode", "explicit")) {
            assertEquals(200, ready(server, "addsub_v1"));
            HttpResponse<String> unload = server.http().post("/v2/repository/models/addsub_v1/unload", "");
            assertEquals(200, unload.statusCode(), unload.body());
            server.http().await("/v2/models/addsub_v1/ready", r -> r.statusCode() == 400);
        }
    }

    @Test
    void loadModelOptionAsksForOneOrForAll() throws Exception {
        AddSub.deployAll(data.resolve("deploy"));
        FixtureRepository.copyTree(AddSub.models().resolve("addsub_v2"), models.resolve("addsub_v2"));
        try (ServerProcess server =
                ServerProcess.start(data, models, "--model-control-mode", "explicit", "--load-model", "addsub_v2")) {
            assertEquals(200, ready(server, "addsub_v2"));
            assertEquals(400, ready(server, "addsub_v1"));
        }
        try (ServerProcess server = ServerProcess.start(
                folder.resolve("other"),
                models,
                "--model-control-mode=explicit",
                "--load-model=*",
                "--deploy",
                data.resolve("deploy").toString())) {
            assertEquals(200, ready(server, "addsub_v1"));
            assertEquals(200, ready(server, "addsub_v2"));
        }
    }

    @Test
    void loadOfAModelWithoutItsOpExplainsAndWaits() throws Exception {
        try (ServerProcess server = ServerProcess.start(data, models, "--model-control-mode", "explicit")) {
            HttpResponse<String> load = server.http().post("/v2/repository/models/addsub_v1/load", "");
            assertEquals(400, load.statusCode(), load.body());
            assertTrue(load.body().contains("TRTISExampleAddSub"), load.body());
            AddSub.deploy(data.resolve("deploy"), AddSub.BUNDLE, "1.0.0", "addsub.jar");
            server.http().await("/v2/models/addsub_v1/ready", r -> r.statusCode() == 200);
        }
    }

    @Test
    void pollTakesUpNewAndRemovedModels() throws Exception {
        AddSub.deployAll(data.resolve("deploy"));
        try (ServerProcess server = ServerProcess.start(data, models, "--model-control-mode", "poll")) {
            assertEquals(200, ready(server, "addsub_v1"));
            FixtureRepository.copyTree(AddSub.models().resolve("addsub_v2"), models.resolve("addsub_v2"));
            server.http().await("/v2/models/addsub_v2/ready", r -> r.statusCode() == 200);
            Files.move(models.resolve("addsub_v1"), folder.resolve("away"));
            server.http().await("/v2/models/addsub_v1/ready", r -> r.statusCode() != 200);
            HttpResponse<String> refused = server.http().post("/v2/repository/models/addsub_v2/load", "");
            assertEquals(400, refused.statusCode(), refused.body());
        }
    }

    @Test
    void indexShowsStateAndReason() throws Exception {
        try (ServerProcess server = ServerProcess.start(data, models)) {
            HttpResponse<String> index = server.http().post("/v2/repository/index", "");
            assertEquals(200, index.statusCode());
            assertTrue(index.body().contains("UNAVAILABLE"), index.body());
            assertTrue(index.body().contains("TRTISExampleAddSub"), index.body());
            assertEquals(400, server.http().get("/v2/health/ready").statusCode());
            AddSub.deploy(data.resolve("deploy"), AddSub.BUNDLE, "1.0.0", "addsub.jar");
            server.http().await("/v2/health/ready", r -> r.statusCode() == 200);
        }
    }
}
