package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.launcher.CommandFailedException;
import io.opgraft.launcher.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeaturesTest {
    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void write() throws IOException {
        home = new Home(folder);
        Files.createDirectories(home.features());
        feature(
                "base",
                "{\"id\":\"g.h:a:1.0\",\"bundleStartLevel\":2},{\"id\":\"g.h:b:jar:x:2.0\"}",
                "\"configurations\":{\"p\":{\"n:Long\":7,\"s\":\"t\"}},"
                        + launching("{\"k\":\"v\",\"org.osgi.framework.system.packages.extra\":\"one\"}"));
        feature(
                "more",
                "{\"id\":\"g.h:a:1.0\",\"bundleStartLevel\":2}",
                launching("{\"org.osgi.framework.system.packages.extra\":\"two\"}"));
        jar("g/h/a/1.0/a-1.0.jar");
        jar("g/h/b/2.0/b-2.0-x.jar");
    }

    private static String launching(String json) {
        return "\"extensions\":{\"framework-launching-properties\":{\"kind\":\"mandatory\",\"type\":\"json\",\"json\":"
                + json + "}}";
    }

    private void feature(String name, String bundles, String rest) throws IOException {
        Files.writeString(
                home.features().resolve(name + ".json"),
                "{\"feature-resource-version\":\"1.0\",\"id\":\"g:f:osgifeature:" + name + ":1\",\"bundles\":["
                        + bundles + "]," + rest + "}");
    }

    private void jar(String path) throws IOException {
        Path jar = home.repository().resolve(path);
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
    }

    @Test
    void baseIsAlwaysInAndBundlesAreThereOnce() throws Exception {
        Features features = Features.read(home, List.of("more"), true);
        assertEquals(List.of("base", "more"), List.copyOf(features.names()));
        assertEquals(
                List.of(
                        home.repository().resolve("g/h/a/1.0/a-1.0.jar"),
                        home.repository().resolve("g/h/b/2.0/b-2.0-x.jar")),
                features.bundles().stream().map(FeatureBundle::jar).toList());
        assertEquals(
                List.of(2, 20),
                features.bundles().stream().map(FeatureBundle::startLevel).toList());
    }

    @Test
    void configurationsAreTypedAndPackagesJoined() throws Exception {
        Features features = Features.read(home, List.of("more"), true);
        assertEquals(Map.of("p", Map.of("n", 7L, "s", "t")), features.configurations());
        assertEquals("v", features.frameworkProperties().get("k"));
        assertEquals("one,two", features.frameworkProperties().get("org.osgi.framework.system.packages.extra"));
    }

    @Test
    void anUnknownFeatureListsTheOthers() throws Exception {
        var e = assertThrows(CommandFailedException.class, () -> Features.read(home, List.of("mor"), true));
        assertTrue(e.getMessage().contains("mor;") && e.getMessage().contains("base, more"), e.getMessage());
        assertEquals(1, Features.read(home, List.of("mor"), false).names().size());
    }

    @Test
    void aMissingBundleIsNamed() throws Exception {
        Files.delete(home.repository().resolve("g/h/a/1.0/a-1.0.jar"));
        var e = assertThrows(CommandFailedException.class, () -> Features.read(home, List.of(), true));
        assertTrue(e.getMessage().contains("base") && e.getMessage().contains("g.h:a:1.0"), e.getMessage());
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        Files.writeString(home.features().resolve("more.json"), "{");
        var e = assertThrows(CommandFailedException.class, () -> Features.read(home, List.of("more"), true));
        assertTrue(e.getMessage().contains("more.json"), e.getMessage());
    }
}
