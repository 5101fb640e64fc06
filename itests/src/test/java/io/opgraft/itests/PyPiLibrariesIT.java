package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Op libraries of other projects, as PyPI has them, give the answers that TensorFlow's Python gave; or the verdict says why not. */
class PyPiLibrariesIT {
    private static final String TEXT = "org.pypi.tensorflow_text;version='[";

    @TempDir
    static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        Path data = folder.resolve("data");
        FixtureRepository fixtures = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        for (String wheel : List.of(
                "tensorflow_text-2.18.0",
                "tensorflow_text-2.18.1",
                "tensorflow_decision_forests-1.11.0",
                "tensorflow_quantum-0.7.6",
                "scann-1.3.5")) {
            Path jar = fixtures.deploy().resolve(wheel + ".jar");
            Opgraft.Result result =
                    Opgraft.run("wrap", "--output", jar.toString(), wheel(wheel).toString());
            assertEquals(0, result.exit(), () -> wheel + ": " + result.err() + result.out());
        }
        for (String model : List.of("forest", "circuit", "neighbours")) {
            fixtures.modelFrom(Opgraft.pypiModels(), model, model);
        }
        for (String model : List.of("text_wordpiece", "text_bigrams")) {
            fixtures.modelFrom(Opgraft.pypiModels(), model, model + "_0", TEXT + "2.18.0,2.18.1)'");
            fixtures.modelFrom(Opgraft.pypiModels(), model, model + "_1", TEXT + "2.18.1,2.18.2)'");
        }
        server = ServerProcess.start(data, fixtures.models());
        // Some fifty libraries are loaded on trial first.
        for (Path model : Opgraft.list(fixtures.models())) {
            server.http().awaitLong("/v2/models/" + model.getFileName() + "/ready", r -> r.statusCode() == 200);
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Path wheel(String start) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Opgraft.wheels(), start + "-*.whl")) {
            return files.iterator().next();
        }
    }

    private static JsonArray golden(String model) throws IOException {
        try (InputStream in = Files.newInputStream(Opgraft.pypiModels().resolve(model + "/requests.json"));
                JsonReader reader = Json.createReader(in)) {
            return reader.readArray();
        }
    }

    private static void assertGolden(String model, JsonObject golden, String bundle) throws Exception {
        String request = Json.createObjectBuilder()
                .add("inputs", golden.get("inputs"))
                .build()
                .toString();
        HttpResponse<String> answer = server.http().post("/v2/models/" + model + "/infer", request);
        assertEquals(200, answer.statusCode(), () -> model + ": " + answer.body());
        for (String op : answer.headers().firstValue("Opgraft-Ops").orElse("").split(",", -1)) {
            assertTrue(op.endsWith("=" + bundle), op);
        }
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            JsonArray outputs = reader.readObject().getJsonArray("outputs");
            for (JsonObject wanted : golden.getJsonArray("outputs").getValuesAs(JsonObject.class)) {
                assertTensor(wanted, named(outputs, wanted.getString("name")));
            }
        }
    }

    private static JsonObject named(JsonArray tensors, String name) {
        return tensors.getValuesAs(JsonObject.class).stream()
                .filter(tensor -> tensor.getString("name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + tensors));
    }

    /** Numbers of type FP32 may differ in the last bits: Python's TensorFlow uses other instructions. */
    private static void assertTensor(JsonObject wanted, JsonObject found) {
        assertEquals(wanted.getString("datatype"), found.getString("datatype"));
        assertEquals(wanted.getJsonArray("shape"), found.getJsonArray("shape"), found.toString());
        JsonArray values = wanted.getJsonArray("data");
        if (!wanted.getString("datatype").equals("FP32")) {
            assertEquals(values, found.getJsonArray("data"));
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            double value = values.getJsonNumber(i).doubleValue();
            double tolerance = 1e-5 * Math.max(1, Math.abs(value));
            assertEquals(value, found.getJsonArray("data").getJsonNumber(i).doubleValue(), tolerance, found.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "forest,         forest,           org.pypi.tensorflow_decision_forests/1.11.0",
        "circuit,        circuit,          org.pypi.tensorflow_quantum/0.7.6",
        "neighbours,     neighbours,       org.pypi.scann/1.3.5",
        "text_wordpiece, text_wordpiece_0, org.pypi.tensorflow_text/2.18.0",
        "text_wordpiece, text_wordpiece_1, org.pypi.tensorflow_text/2.18.1",
        "text_bigrams,   text_bigrams_0,   org.pypi.tensorflow_text/2.18.0",
        "text_bigrams,   text_bigrams_1,   org.pypi.tensorflow_text/2.18.1",
    })
    void answersAreThoseOfPython(String fixture, String model, String bundle) throws Exception {
        for (JsonObject golden : golden(fixture).getValuesAs(JsonObject.class)) {
            assertGolden(model, golden, bundle);
        }
    }

    @Test
    void allTogetherFromFourThreads() throws Exception {
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (String fixture : List.of("text_wordpiece", "text_bigrams")) {
                for (int release = 0; release < 2; release++) {
                    String model = fixture + "_" + release;
                    String bundle = "org.pypi.tensorflow_text/2.18." + release;
                    calls.add(() -> {
                        answersAreThoseOfPython(fixture, model, bundle);
                        return null;
                    });
                }
            }
            calls.add(() -> {
                answersAreThoseOfPython("forest", "forest", "org.pypi.tensorflow_decision_forests/1.11.0");
                answersAreThoseOfPython("circuit", "circuit", "org.pypi.tensorflow_quantum/0.7.6");
                answersAreThoseOfPython("neighbours", "neighbours", "org.pypi.scann/1.3.5");
                return null;
            });
        }
        RowClient.together(4, calls);
    }

    @Test
    void aLibraryForAnotherTensorFlowIsRefusedUnloaded() throws Exception {
        Path library = folder.resolve("libtensorflow_compression.so");
        try (ZipFile wheel = new ZipFile(wheel("tensorflow_compression-2.14.1").toFile());
                InputStream in = wheel.getInputStream(
                        wheel.getEntry("tensorflow_compression/cc/libtensorflow_compression.so"))) {
            Files.copy(in, library);
        }
        Opgraft.Result result = Opgraft.run("lint", "--json", library.toString());
        assertEquals(1, result.exit(), result.err());
        try (JsonReader reader = Json.createReader(new StringReader(result.out()))) {
            JsonObject file = reader.readArray().getJsonObject(0);
            assertEquals("refused", file.getString("verdict"), file.toString());
            assertFalse(file.getJsonObject("trial").getBoolean("made"), file.toString());
            assertTrue(file.get("reasons").toString().contains("lts_20230125"), file.toString());
        }
    }

    @Test
    void aWheelForAnotherTensorFlowIsNotWrapped() throws Exception {
        String wheel = "tensorflow_compression-2.14.1";
        Path jar = folder.resolve(wheel + ".jar");
        Opgraft.Result result =
                Opgraft.run("wrap", "--output", jar.toString(), wheel(wheel).toString());
        assertEquals(1, result.exit(), result.out());
        assertTrue(result.err().contains("tensorflow~=2.14.0"), result.err());
        assertTrue(Files.notExists(jar));
    }
}
