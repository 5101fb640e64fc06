package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LintTest {
    private static List<Finding> lint(String... options) throws Exception {
        return Lint.of(LibraryFiles.alone(Lab.plugin("libplugin.so", options)), Set.of());
    }

    private static void assertFinding(String topic, String part, List<Finding> findings) {
        assertEquals(
                List.of(topic), findings.stream().map(Finding::topic).distinct().toList(), findings.toString());
        assertTrue(findings.get(0).message().contains(part), findings.toString());
    }

    @Test
    void aSoundLibraryHasNoFindings() throws Exception {
        assertEquals(List.of(), lint());
    }

    @Test
    void entryPointsAreNamed() throws Exception {
        assertFinding(Lint.ENTRY_POINTS, "getCreators", lint("-DNO_ENTRY"));
        assertFinding(Lint.ENTRY_POINTS, "setLoggerFinder", lint("-DNO_FINDER"));
    }

    @Test
    void staticRegistrationIsRefused() throws Exception {
        List<Finding> findings = lint("-DSTATIC_REGISTRATION", "-Wl,--no-as-needed", nvinfer());
        assertFinding(Lint.STATIC_REGISTRATION, "getPluginRegistry", findings);
        assertTrue(findings.get(0).remedy().contains("REGISTER_TENSORRT_PLUGIN"));
    }

    /** An empty library of that name, to be linked with. */
    private static String nvinfer() throws Exception {
        return empty("libnvinfer.so.10");
    }

    private static String empty(String soname) throws Exception {
        Path target = Lab.folder().resolve(soname);
        Path source = java.nio.file.Files.writeString(Lab.folder().resolve("empty.c"), "int opgraft_empty;\n");
        return Lab.compile("gcc", source, target, "-Wl,-soname," + soname, "-Wl,--no-as-needed")
                .toString();
    }

    @Test
    void symbolsThatNobodyDefinesAreNamed() throws Exception {
        assertFinding(Lint.MISSING_SYMBOLS, "nobody_defines_this", lint("-DUNDEFINED"));
    }

    @Test
    void pluginsThatThePreloaderBringsAreFound() throws Exception {
        Path plugin = Lab.plugin("libplugin.so");
        Path other = Path.of(empty("libother.so"));
        assertEquals(List.of(plugin), Preloaded.plugins(other + ":" + plugin + " /nowhere.so"));
        assertEquals(List.of(), Preloaded.plugins(null));
    }

    @Test
    void theDriversFunctionsAreTheDrivers() throws Exception {
        assertEquals(List.of(), lint("-DDRIVER", "-Wl,--no-as-needed", empty("libcuda.so.1")));
        assertFinding(Lint.MISSING_SYMBOLS, "cuDeviceGetNothing", lint("-DDRIVER"));
    }

    @Test
    void librariesThatAreNowhereAreNamed() throws Exception {
        assertFinding(
                Lint.MISSING_LIBRARIES,
                "libopgraft_nowhere.so.3",
                lint("-Wl,--no-as-needed", empty("libopgraft_nowhere.so.3")));
        assertFinding(Lint.ANOTHER_VERSION, "libnvinfer.so.8", lint("-Wl,--no-as-needed", empty("libnvinfer.so.8")));
    }
}
