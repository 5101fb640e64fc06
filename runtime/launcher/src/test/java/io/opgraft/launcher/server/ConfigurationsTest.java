package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
    @Test
    void optionsWinOverFeatures() {
        ServerOptions options = new ServerOptions(
                List.of(Path.of("/a")),
                Path.of("/d/deploy"),
                Path.of("/d"),
                "0.0.0.0",
                9000,
                9002,
                ControlMode.EXPLICIT,
                List.of("*"),
                List.of(),
                true,
                "me",
                3,
                0,
                Map.of("maxConnections", 5),
                null,
                "logback.xml",
                Path.of("/opt/tensorrt"),
                true);
        Map<String, Map<String, Object>> all = Configurations.merge(
                Map.of("io.opgraft.http", Map.of("port", 1, "extra", 2L), "io.opgraft.other", Map.of("x", "y")),
                options);
        assertEquals(
                Map.of("address", "0.0.0.0", "port", 9000, "serverName", "me", "extra", 2L, "maxConnections", 5),
                all.get("io.opgraft.http"));
        assertEquals(Map.of("address", "0.0.0.0", "port", 9002), all.get("io.opgraft.metrics"));
        assertEquals(Map.of("x", "y"), all.get("io.opgraft.other"));
        assertEquals(Map.of("socket", "/d/shell.sock"), all.get("io.opgraft.shell"));
        Map<String, Object> models = all.get("io.opgraft.models");
        assertArrayEquals(new String[] {"/a"}, (String[]) models.get("repositories"));
        assertArrayEquals(new String[] {"*"}, (String[]) models.get("load"));
        assertEquals("explicit", models.get("controlMode"));
        assertEquals(3, models.get("maxRetainedLibraries"));
        assertFalse(models.containsKey("maxRetainedMegabytes"));
        assertEquals(Map.of("home", "/opt/tensorrt", "allowPlanCode", true), all.get("io.opgraft.tensorrt"));
    }

    @Test
    void withoutAPortThereAreNoMetrics() {
        ServerOptions options = new ServerOptions(
                List.of(),
                Path.of("/d/deploy"),
                Path.of("/d"),
                "::1",
                8000,
                -1,
                ControlMode.NONE,
                List.of(),
                List.of(),
                true,
                "me",
                0,
                0,
                Map.of(),
                null,
                "logback.xml",
                null,
                false);
        Map<String, Map<String, Object>> features = Map.of("io.opgraft.metrics", Map.of("extra", 1));
        assertFalse(Configurations.merge(features, options).containsKey("io.opgraft.metrics"));
    }
}
