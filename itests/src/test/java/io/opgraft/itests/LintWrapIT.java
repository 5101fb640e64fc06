package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands lint and wrap, with real libraries, up to an answer of a server that got the bundle. */
class LintWrapIT {
    @TempDir
    Path folder;

    private static Path fixture(String path) {
        return Opgraft.nativeFixtures().resolve(path);
    }

    private static JsonArray json(Opgraft.Result result) {
        try (JsonReader reader = Json.createReader(new StringReader(result.out()))) {
            return reader.readArray();
        }
    }

    private static Opgraft.Result lint(Object... files) throws Exception {
        List<String> line = new ArrayList<>(List.of("lint", "--json"));
        for (Object file : files) {
            line.add(file.toString());
        }
        Opgraft.Result result = Opgraft.run(line.toArray(String[]::new));
        assertFalse(result.err().contains("\tat "), result.err());
        return result;
    }

    private static void assertRefused(JsonObject file, String... parts) {
        assertEquals("refused", file.getString("verdict"), file.toString());
        for (String part : parts) {
            assertTrue(file.getJsonArray("reasons").toString().contains(part), part + " is not in " + file);
        }
    }

    @Test
    void goodAndBadLibrariesAreAllReported() throws Exception {
        Path missing = folder.resolve("missing.so");
        Path text = Files.writeString(folder.resolve("text.so"), "no library");
        Opgraft.Result result = lint(
                fixture("scale-1/libscale.so"),
                missing,
                text,
                fixture("cut-segment/libscale.so"),
                fixture("wrong-machine/libscale.so"),
                fixture("undefined/libundefined.so"),
                fixture("unique-1/libunique.so"),
                fixture("helper-1/libhelperop.so"));
        assertEquals(1, result.exit(), result.err());
        List<JsonObject> files = json(result).getValuesAs(JsonObject.class);
        assertEquals(8, files.size());
        assertEquals(
                "isolatable", files.get(0).getString("verdict"), files.get(0).toString());
        assertEquals(
                "FixtureScale",
                files.get(0).getJsonArray("ops").getJsonObject(0).getString("name"));
        assertEquals("x86_64", files.get(0).getJsonObject("facts").getString("machine"));
        assertEquals(64, files.get(0).getString("digest").length());
        assertEquals(missing.toString(), files.get(1).getString("file"));
        assertRefused(files.get(1), "does not exist");
        assertRefused(files.get(2), "text.so");
        assertRefused(files.get(3), "libscale.so");
        assertRefused(files.get(4), "aarch64", "x86_64");
        assertRefused(files.get(5), "libundefined.so");
        assertEquals(
                "isolatable after repair",
                files.get(6).getString("verdict"),
                files.get(6).toString());
        assertEquals(
                "isolatable after repair",
                files.get(7).getString("verdict"),
                files.get(7).toString());
    }

    @Test
    void aCrashIsAVerdictWithItsLastWords() throws Exception {
        Opgraft.Result result = lint(fixture("crash/libcrash.so"));
        assertEquals(1, result.exit(), result.err());
        JsonObject file = json(result).getJsonObject(0);
        assertEquals("refused", file.getString("verdict"), file.toString());
        assertEquals(0, file.getJsonArray("ops").size());
        assertTrue(file.getJsonArray("reasons").size() > 0, file.toString());
    }

    @Test
    void aBundleGivesItsLibrariesAndATableForPeople() throws Exception {
        Path bundle = AddSub.jar(AddSub.BUNDLE, "1.1.0");
        JsonObject file = json(lint(bundle)).getJsonObject(0);
        assertEquals("isolatable", file.getString("verdict"), file.toString());
        assertEquals(
                "TRTISExampleAddSub",
                file.getJsonArray("libraries")
                        .getJsonObject(0)
                        .getJsonArray("ops")
                        .getJsonObject(0)
                        .getString("name"));
        Opgraft.Result table = Opgraft.run("lint", bundle.toString());
        assertEquals(0, table.exit(), table.err());
        assertTrue(table.out().startsWith("FILE"), table.out());
        assertTrue(table.out().contains("1 file, 0 refused"), table.out());
    }

    @Test
    void aWrappedLibraryAnswers() throws Exception {
        FixtureRepository fixtures = new FixtureRepository(folder.resolve("models"), folder.resolve("data/deploy"));
        fixtures.model("scale", "scale");
        Path first = folder.resolve("first.jar");
        String library = fixture("scale-1/libscale.so").toString();
        Opgraft.Result result = Opgraft.run(
                "wrap", "--name", "com.acme.scale", "--version", "1.2.0", "--output", first.toString(), library);
        assertEquals(0, result.exit(), result.err());
        assertTrue(result.out().contains("FixtureScale"), result.out());
        Path second = folder.resolve("second.jar");
        Opgraft.run("wrap", "--name", "com.acme.scale", "--version", "1.2.0", "--output", second.toString(), library);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        Opgraft.Result again = Opgraft.run("wrap", "--output", first.toString(), library);
        assertEquals(1, again.exit(), again.out());
        assertTrue(again.err().contains("--force"), again.err());
        assertAnswers(first, "scale", "FixtureScale=com.acme.scale/1.2.0");
    }

    @Test
    void aWrappedWheelAnswersWithItsLayoutKept() throws Exception {
        FixtureRepository fixtures = new FixtureRepository(folder.resolve("models"), folder.resolve("data/deploy"));
        fixtures.model("helper", "helper");
        Path wheel = wheel("Requires-Dist: tensorflow<2.19,>=2.18");
        Path jar = folder.resolve("acme.jar");
        Opgraft.Result result = Opgraft.run("wrap", "--output", jar.toString(), wheel.toString());
        assertEquals(0, result.exit(), result.err());
        assertTrue(result.out().contains("org.pypi.acme_helper_op 1.0.0.rc1"), result.out());
        assertTrue(result.out().contains("1 Python files"), result.out());
        assertAnswers(jar, "helper", "FixtureHelper=org.pypi.acme_helper_op/1.0.0.rc1");
    }

    @Test
    void aWheelForAnotherTensorFlowIsRefused() throws Exception {
        Path jar = folder.resolve("acme.jar");
        Path wheel = wheel("Requires-Dist: tensorflow<2.16");
        Opgraft.Result result = Opgraft.run("wrap", "--output", jar.toString(), wheel.toString());
        assertEquals(1, result.exit(), result.out());
        assertTrue(result.err().contains("tensorflow<2.16"), result.err());
        assertTrue(result.err().contains("2.18"), result.err());
        assertTrue(Files.notExists(jar));
    }

    private void assertAnswers(Path jar, String model, String ops) throws Exception {
        Path data = folder.resolve("data");
        Files.createDirectories(data.resolve("deploy"));
        Files.copy(jar, data.resolve("deploy/wrapped.jar"));
        String request = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[1,4],"
                + "\"data\":[1.0,2.0,3.0,4.0]}]}";
        try (ServerProcess server = ServerProcess.start(data, folder.resolve("models"))) {
            HttpResponse<String> answer = server.http()
                    .await(
                            () -> server.http().post("/v2/models/" + model + "/infer", request),
                            response -> response.statusCode() == 200);
            assertTrue(answer.body().replaceAll("\\s", "").contains("\"data\":[2.0,4.0,6.0,8.0]"), answer.body());
            assertEquals(ops, answer.headers().firstValue("Opgraft-Ops").orElse(""));
        }
    }

    /** A wheel with an op library and its helper, as Python's tools write it. */
    private Path wheel(String requires) throws Exception {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("acme_helper_op/__init__.py", "");
        entries.put("acme_helper_op/ops/libhelperop.so", fixture("helper-1/libhelperop.so"));
        entries.put("acme_helper_op/ops/liblabhelper.so", fixture("helper-1/liblabhelper.so"));
        String info = "acme_helper_op-1.0rc1.dist-info/";
        entries.put(
                info + "METADATA", "Metadata-Version: 2.1\nName: acme-helper-op\nVersion: 1.0rc1\n" + requires + "\n");
        entries.put(info + "WHEEL", "Wheel-Version: 1.0\nTag: py3-none-manylinux_2_17_x86_64\n");
        Path wheel = folder.resolve("acme_helper_op-1.0rc1-py3-none-manylinux_2_17_x86_64.whl");
        try (OutputStream out = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, Object> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                if (entry.getValue() instanceof Path path) {
                    Files.copy(path, zip);
                } else {
                    zip.write(entry.getValue().toString().getBytes(StandardCharsets.UTF_8));
                }
                zip.closeEntry();
            }
        }
        return wheel;
    }
}
