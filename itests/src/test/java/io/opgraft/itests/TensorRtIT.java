package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of TensorRT without a GPU: the judgement of plugin libraries, and a server that says "no device". */
class TensorRtIT {
    private static final String PLUGIN = "FixtureAddSub/1";

    @TempDir
    Path folder;

    /** Deployed file of a fixture as an op bundle. */
    private Path bundle(String fixture) throws Exception {
        Path jar = folder.resolve("jars").resolve(fixture + ".jar");
        Files.createDirectories(jar.getParent());
        Path library = Opgraft.tensorRtFixtures().resolve(fixture).resolve("libscale.so");
        return OpBundle.forTensorRt("fixture." + fixture.replace('-', '.'), "1.0.0", library, PLUGIN)
                .writeTo(jar);
    }

    private static Path example(String name, String version) {
        return Opgraft.home().resolve("examples/ops/" + name + "-" + version + ".jar");
    }

    @Test
    void everyTrapIsSeenWithoutLoadingItIntoAServer() throws Exception {
        Map<String, String> isolatable = new LinkedHashMap<>();
        isolatable.put("scale-1", "isolatable");
        isolatable.put("unique-1", "isolatable after repair");
        isolatable.put("helper-1", "isolatable after repair");
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("static-registration", "getPluginRegistry");
        refused.put("no-entry-points", "getCreators");
        refused.put("creators-throw", "getCreators threw on purpose");
        refused.put("initialiser-throws", "the initialiser threw on purpose");
        refused.put("undefined", "opgraft_fixture_nowhere");

        List<String> command = new ArrayList<>(List.of("lint", "--json"));
        for (String fixture : isolatable.keySet()) {
            command.add(bundle(fixture).toString());
        }
        for (String fixture : refused.keySet()) {
            command.add(bundle(fixture).toString());
        }
        command.add(example("io.opgraft.example.trtaddsub", "1.1.0").toString());
        command.add(example("com.example.trtaddsub", "1.0.0").toString());
        Opgraft.Result result = Opgraft.run(command.toArray(String[]::new));
        assertEquals(1, result.exit(), result.err());
        List<JsonObject> files;
        try (JsonReader reader = Json.createReader(new StringReader(result.out()))) {
            files = reader.readArray().getValuesAs(JsonObject.class);
        }
        int next = 0;
        for (String verdict : isolatable.values()) {
            JsonObject file = files.get(next++);
            assertEquals(verdict, file.getString("verdict"), file.toString());
            assertEquals(PLUGIN, plugin(file), file.toString());
        }
        for (String word : refused.values()) {
            JsonObject file = files.get(next++);
            assertEquals("refused", file.getString("verdict"), file.toString());
            assertTrue(file.toString().contains(word), word + " is not in " + file);
        }
        for (JsonObject file : files.subList(next, files.size())) {
            assertEquals("isolatable", file.getString("verdict"), file.toString());
            assertEquals("TRTISExampleAddSub/1", plugin(file), file.toString());
        }
    }

    private static String plugin(JsonObject file) {
        return file.getJsonArray("libraries")
                .getJsonObject(0)
                .getJsonArray("ops")
                .getJsonObject(0)
                .getString("name");
    }

    @Test
    void aServerWithoutAGpuSaysSoAndGoesOn() throws Exception {
        Path model = folder.resolve("models/addsub");
        Files.createDirectories(model.resolve("1"));
        Files.writeString(model.resolve("1/model.plan"), "whatever a plan holds");
        Files.writeString(model.resolve("config.pbtxt"), "name: \"addsub\"\nplatform: \"tensorrt_plan\"\n");
        Path data = folder.resolve("data");
        Files.createDirectories(data.resolve("deploy"));
        Files.copy(example("com.example.trtaddsub", "1.0.0"), data.resolve("deploy/addsub.jar"));
        Path nowhere = Files.createDirectory(folder.resolve("no-tensorrt"));
        try (ServerProcess server = ServerProcess.start(
                data,
                folder.resolve("models"),
                "--features",
                "http,metrics,shell,tensorrt",
                "--tensorrt-home",
                nowhere.toString())) {
            HttpResponse<String> index = server.http().post("/v2/repository/index", "");
            assertTrue(index.body().contains("\"UNAVAILABLE\""), index.body());
            assertTrue(index.body().contains("no device"), index.body());
            assertEquals(200, server.http().get("/v2/health/live").statusCode());
            String status = server.shell("opgraft:status").out();
            assertTrue(status.contains("tensorrt"), status);
            assertTrue(status.contains("no device"), status);
            String explanation = server.shell("opgraft:explain addsub").out();
            assertTrue(explanation.contains("no device"), explanation);
            String ops = server.shell("opgraft:ops").out();
            assertTrue(ops.contains("TRTISExampleAddSub/1"), ops);
            assertFalse(server.log().contains("\tat "), server.log());
        }
    }
}
