package io.opgraft.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The built folder: what features name is there, and nothing else. */
class DistributionTest {
    private static final Path HOME = Path.of(System.getProperty("opgraft.home"));

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Set<Path> named() throws IOException {
        Set<Path> jars = new TreeSet<>();
        for (Path feature : files("features")) {
            try (Reader file = Files.newBufferedReader(feature);
                    JsonReader json = Json.createReader(file)) {
                for (JsonObject bundle :
                        json.readObject().getJsonArray("bundles").getValuesAs(JsonObject.class)) {
                    jars.add(jar(bundle.getString("id").split(":")));
                }
            }
        }
        return jars;
    }

    private static Path jar(String... id) {
        String version = id[id.length - 1];
        String classifier = id.length == 5 ? "-" + id[3] : "";
        return HOME.resolve("repository")
                .resolve(id[0].replace('.', '/'))
                .resolve(id[1])
                .resolve(version)
                .resolve(id[1] + "-" + version + classifier + ".jar");
    }

    @Test
    void featuresAndRepositoryNameTheSameBundles() throws IOException {
        assertEquals(named(), new TreeSet<>(files("repository")));
    }

    @Test
    void everyFeatureIsThere() throws IOException {
        assertEquals(
                Set.of(
                        "base.json",
                        "http.json",
                        "metrics.json",
                        "shell.json",
                        "tensorflow.json",
                        "tensorrt.json",
                        "tools.json",
                        "examples.json"),
                files("features").stream()
                        .map(file -> file.getFileName().toString())
                        .collect(Collectors.toSet()));
    }

    @Test
    void versionsAreFilledIn() throws IOException {
        for (Path feature : files("features")) {
            assertTrue(!Files.readString(feature).contains("${"), feature.toString());
        }
    }

    @Test
    void theScriptRunsAndItsNeighboursAreThere() {
        assertTrue(Files.isExecutable(HOME.resolve("opgraft")));
        for (String file : List.of(
                "README",
                "LICENSE",
                "conf/logback.xml",
                "conf/logback-tools.xml",
                "examples/models",
                "examples/digits")) {
            assertTrue(Files.exists(HOME.resolve(file)), file);
        }
    }

    @Test
    void exampleOpBundlesAreCalledByNameAndVersion() throws IOException {
        assertEquals(
                List.of(
                        "com.example.addsub-1.0.0.jar",
                        "com.example.trtaddsub-1.0.0.jar",
                        "io.opgraft.example.addsub-1.0.0.jar",
                        "io.opgraft.example.addsub-1.1.0.jar",
                        "io.opgraft.example.addsub-2.0.0.jar",
                        "io.opgraft.example.addsub-3.0.0.jar",
                        "io.opgraft.example.trtaddsub-1.0.0.jar",
                        "io.opgraft.example.trtaddsub-1.1.0.jar"),
                files("examples/ops").stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }
}
