package io.opgraft.models.internal.privateops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.fake.FakeBundles;
import io.opgraft.ops.OpBundleWriter;
import io.opgraft.ops.OpOrigin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class PrivateOpsTest {
    @TempDir
    Path folder;

    private final FakeBundles bundles = new FakeBundles();
    private Path wrapped;
    private PrivateOps ops;

    @BeforeEach
    void create() {
        wrapped = folder.resolve("data/wrapped");
        ops = new PrivateOps(bundles, wrapped);
    }

    private Path model(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private Path jar(String model, String file, String bundle) throws IOException {
        Path jar = model(model).resolve(file);
        Files.createDirectories(jar.getParent());
        new OpBundleWriter(bundle, new Version(1, 0, 0)).write(jar);
        return jar;
    }

    private Reason bring(String model, String... pins) throws Exception {
        List<OpPin> parsed = new ArrayList<>();
        for (String pin : pins) {
            parsed.add(OpPin.parse(pin));
        }
        return ops.bring(model, model(model), parsed, "tensorflow");
    }

    private Collection<String> files(String model) {
        return new TreeSet<>(ops.own(model).files().values());
    }

    @Test
    void bundlesInTheFolderOpsComeAndGoWithTheirModel() throws Exception {
        Path jar = jar("m", "ops/a.jar", "a");
        Files.createFile(model("m").resolve("ops/readme.txt"));
        assertNull(bring("m"));
        String location = bundles.installed.keySet().iterator().next();
        assertTrue(location.matches("opgraft-model:[0-9a-f]{64}"), location);
        assertArrayEquals(Files.readAllBytes(jar), bundles.installed.get(location));
        assertEquals(Map.of(location, "ops/a.jar"), ops.own("m").files());
        assertEquals(Map.of(location, List.of("m")), ops.own("n").owners());
        assertTrue(ops.own("n").files().isEmpty());

        ops.sweep(Set.of());
        assertEquals(1, bundles.installed.size());
        ops.forget("m");
        ops.sweep(Set.of(location));
        assertEquals(1, bundles.installed.size(), "what serves still uses it");
        ops.sweep(Set.of());
        assertTrue(bundles.installed.isEmpty());
    }

    @Test
    void equalBundlesOfSeveralModelsAreInstalledOnce() throws Exception {
        jar("m", "ops/a.jar", "a");
        jar("n", "ops/b.jar", "a");
        assertNull(bring("m"));
        assertNull(bring("n"));
        assertEquals(1, bundles.calls.size());
        String location = bundles.installed.keySet().iterator().next();
        assertEquals(List.of("m", "n"), ops.own("m").owners().get(location));
        assertEquals("ops/b.jar", ops.own("n").files().get(location));
        ops.forget("m");
        ops.sweep(Set.of());
        assertEquals(1, bundles.installed.size());
        ops.forget("n");
        ops.sweep(Set.of());
        assertTrue(bundles.installed.isEmpty());
    }

    @Test
    void aChangedBundleIsAnotherOne() throws Exception {
        jar("m", "ops/a.jar", "a");
        bring("m");
        String old = bundles.installed.keySet().iterator().next();
        jar("m", "ops/a.jar", "changed");
        assertNull(bring("m"));
        String location = ops.own("m").files().keySet().iterator().next();
        assertNotEquals(old, location);
        assertEquals(2, bundles.installed.size(), "the old one goes after the switch");
        ops.sweep(Set.of());
        assertEquals(Set.of(location), bundles.installed.keySet());
    }

    @Test
    void whatAKilledServerLeftIsReconciled() throws Exception {
        jar("m", "ops/a.jar", "a");
        bring("m");
        bundles.installed.put(OpOrigin.PRIVATE_LOCATION + "0000", new byte[0]);
        Files.write(wrapped.resolve("op-123.part"), new byte[1]);
        PrivateOps next = new PrivateOps(bundles, wrapped);
        next.bring("m", model("m"), List.of(), "tensorflow");
        next.sweep(Set.of());
        assertEquals(next.own("m").files().keySet(), bundles.installed.keySet());
        try (Stream<Path> left = Files.list(wrapped)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aLibraryIsWrappedWithTheLibrariesBesideIt() throws Exception {
        Files.createDirectories(model("m").resolve("lib"));
        Files.writeString(model("m").resolve("lib/libops.so"), "one");
        Files.writeString(model("m").resolve("lib/libhelper.so.2"), "two");
        Files.writeString(model("m").resolve("lib/notes.txt"), "three");
        assertNull(bring("m", "./lib//libops.so", "io.acme.other"));
        assertEquals(List.of("lib/libops.so"), List.copyOf(files("m")));
        byte[] jar = bundles.installed.values().iterator().next();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            var main = in.getManifest().getMainAttributes();
            assertEquals("lib.libops.so", main.getValue("Bundle-SymbolicName"));
            assertTrue(main.getValue("Bundle-Version").matches("0\\.0\\.0\\.[0-9a-f]{12}"));
            assertTrue(main.getValue("Provide-Capability").contains("framework=\"tensorflow\""));
            List<String> names = new ArrayList<>();
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                names.add(entry.getName().replaceFirst(".*/", ""));
            }
            assertEquals(List.of("libhelper.so.2", "libops.so"), names);
        }
        try (Stream<Path> kept = Files.list(wrapped)) {
            assertEquals(1, kept.count());
        }
        ops.forget("m");
        ops.sweep(Set.of());
        try (Stream<Path> kept = Files.list(wrapped)) {
            assertEquals(0, kept.count());
        }
    }

    @Test
    void aLibraryThatChangesGetsAnotherBundle() throws Exception {
        Path library = Files.writeString(model("m").resolve("libops.so"), "one");
        bring("m", "libops.so");
        String old = bundles.installed.keySet().iterator().next();
        Files.writeString(library, "two");
        assertNull(bring("m", "libops.so"));
        assertNotEquals(old, ops.own("m").files().keySet().iterator().next());
        Files.writeString(library, "one");
        assertNull(bring("m", "libops.so"));
        assertEquals(old, ops.own("m").files().keySet().iterator().next());
    }

    @Test
    void whatCannotBeUsedIsExplainedAndChangesNothing() throws Exception {
        jar("m", "ops/a.jar", "a");
        bring("m");
        Map<String, String> before = ops.own("m").files();

        Reason missing = bring("m", "lib/libmine.so");
        assertEquals(Kind.CONFIGURATION, missing.kind());
        assertEquals(
                "config.pbtxt of model m names the op library lib/libmine.so, but there is no such file in the model's "
                        + "folder. Put the file there, or change model_operations.",
                missing.toString());

        Files.createDirectories(model("m").resolve("lib"));
        assertEquals(
                "The op library lib of model m is no file.", bring("m", "lib/.").message());

        Files.writeString(folder.resolve("outside.so"), "x");
        Files.createSymbolicLink(model("m").resolve("libout.so"), folder.resolve("outside.so"));
        assertEquals(
                "The op library libout.so of model m is a link that leaves the model's folder. Copy the file into the "
                        + "model's folder.",
                bring("m", "libout.so").toString());

        Files.writeString(model("m").resolve("ops/b.jar"), "no zip");
        Reason damaged = bring("m");
        assertEquals(Kind.LOAD_FAILED, damaged.kind());
        assertEquals("ops/b.jar", damaged.subject());
        assertTrue(damaged.message().startsWith("The op bundle ops/b.jar of model m cannot be installed: "));
        assertTrue(!damaged.toString().contains(folder.toString()), damaged.toString());
        Files.delete(model("m").resolve("ops/b.jar"));

        jar("m", "ops/c.jar", "c");
        bundles.failure = "Unable to resolve c: missing requirement";
        assertTrue(bring("m").message().endsWith("Unable to resolve c: missing requirement."));
        assertEquals(before, ops.own("m").files());
    }
}
