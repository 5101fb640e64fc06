package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** Bundles may depend on each other in one direction only, as CONTRIBUTING.md draws it. */
class DependencyDirectionTest {
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            entry("io.opgraft.op"),
            entry("io.opgraft.probe"),
            entry("io.opgraft.backend", "io.opgraft.probe"),
            entry("io.opgraft.elf"),
            entry("io.opgraft.log"),
            entry("io.opgraft.ops", "io.opgraft.op", "io.opgraft.elf", "io.opgraft.probe"),
            entry("io.opgraft.tools", "io.opgraft.elf", "io.opgraft.ops", "io.opgraft.probe"),
            entry("io.opgraft.models", "io.opgraft.backend", "io.opgraft.op", "io.opgraft.ops", "io.opgraft.probe"),
            entry(
                    "io.opgraft.serving",
                    "io.opgraft.backend",
                    "io.opgraft.models",
                    "io.opgraft.ops",
                    "io.opgraft.probe"),
            entry(
                    "io.opgraft.ensemble",
                    "io.opgraft.backend",
                    "io.opgraft.models",
                    "io.opgraft.probe",
                    "io.opgraft.serving"),
            entry(
                    "io.opgraft.http",
                    "io.opgraft.backend",
                    "io.opgraft.models",
                    "io.opgraft.ops",
                    "io.opgraft.probe",
                    "io.opgraft.serving"),
            entry(
                    "io.opgraft.metrics",
                    "io.opgraft.backend",
                    "io.opgraft.models",
                    "io.opgraft.ops",
                    "io.opgraft.probe",
                    "io.opgraft.serving"),
            entry(
                    "io.opgraft.shell",
                    "io.opgraft.backend",
                    "io.opgraft.models",
                    "io.opgraft.ops",
                    "io.opgraft.probe",
                    "io.opgraft.serving"),
            entry("io.opgraft.tensorflow", "io.opgraft.backend", "io.opgraft.elf", "io.opgraft.op", "io.opgraft.probe"),
            entry("io.opgraft.tensorrt", "io.opgraft.backend", "io.opgraft.elf", "io.opgraft.probe"));

    private static Map.Entry<String, Set<String>> entry(String bundle, String... allowed) {
        return Map.entry(bundle, Set.of(allowed));
    }

    @Test
    void importsPointOneWay() throws IOException {
        Map<String, Set<String>> wrong = new TreeMap<>();
        Map<String, Bundle> bundles = bundles();
        assertTrue(bundles.keySet().containsAll(ALLOWED.keySet()), "bundles of the distribution: " + bundles.keySet());
        for (Bundle bundle : bundles.values()) {
            Set<String> allowed = ALLOWED.getOrDefault(bundle.name, Set.of());
            for (String imported : bundle.imports) {
                String owner = owner(imported, bundles);
                if (!owner.isEmpty() && !owner.equals(bundle.name) && !allowed.contains(owner)) {
                    wrong.computeIfAbsent(bundle.name, name -> new TreeSet<>()).add(imported);
                }
            }
        }
        assertEquals(Map.of(), wrong, "imports against the direction");
    }

    @Test
    void nothingInternalIsExportedOrImported() throws IOException {
        for (Bundle bundle : bundles().values()) {
            for (String name : bundle.exports) {
                assertFalse(name.contains(".internal"), bundle.name + " exports " + name);
            }
            for (String name : bundle.imports) {
                assertFalse(
                        name.startsWith("io.opgraft.") && name.contains(".internal"), bundle.name + " imports " + name);
            }
        }
    }

    @Test
    void everyExportIsTheBundlesOwnPackage() throws IOException {
        for (Bundle bundle : bundles().values()) {
            for (String name : bundle.exports) {
                assertTrue(
                        name.equals(bundle.name) || name.startsWith(bundle.name + "."),
                        bundle.name + " exports " + name);
            }
        }
    }

    private static String owner(String imported, Map<String, Bundle> bundles) {
        return bundles.values().stream()
                .filter(bundle -> bundle.exports.contains(imported))
                .map(bundle -> bundle.name)
                .findFirst()
                .orElse("");
    }

    private record Bundle(String name, Set<String> imports, Set<String> exports) {}

    private static Map<String, Bundle> bundles() throws IOException {
        Map<String, Bundle> bundles = new TreeMap<>();
        List<Path> jars;
        try (Stream<Path> files = Files.walk(Opgraft.home().resolve("repository"))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                var manifest = file.getManifest().getMainAttributes();
                String name = manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
                if (name != null && name.startsWith("io.opgraft.")) {
                    name = name.split(";", 2)[0];
                    Set<String> imports = packages(manifest.getValue(Constants.IMPORT_PACKAGE));
                    bundles.put(name, new Bundle(name, imports, packages(manifest.getValue(Constants.EXPORT_PACKAGE))));
                }
            }
        }
        return bundles;
    }

    /** The package names of an import or export header; quoted attribute values are left out first. */
    private static Set<String> packages(String header) {
        List<String> names = new ArrayList<>();
        if (header != null) {
            for (String clause : header.replaceAll("\"[^\"]*\"", "").split(",", -1)) {
                for (String part : clause.split(";", -1)) {
                    if (!part.contains("=")) {
                        names.add(part.trim());
                    }
                }
            }
        }
        return new TreeSet<>(names);
    }
}
