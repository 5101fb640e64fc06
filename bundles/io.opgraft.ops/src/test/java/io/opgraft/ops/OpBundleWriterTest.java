package io.opgraft.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;

class OpBundleWriterTest {
    private static final String LIBRARY = "native/linux-x86_64/libmyop.so";

    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "content", ""), content);
    }

    private static OpBundleWriter writer() {
        return new OpBundleWriter("com.acme.myop", Version.parseVersion("1.2.0.rc1"));
    }

    @Test
    void theFrameworkReadsWhatWasWritten() throws Exception {
        Path jar = folder.resolve("myop.jar");
        writer().header("Bundle-License", "Apache-2.0\n two  lines")
                .file(LIBRARY, file("code"))
                .file("data/words, all.txt", file("words"))
                .capability(
                        "tensorflow", List.of("MyOp", "Acme>Other"), LIBRARY, Map.of("tensorflow", ">=2.18,<2.19; x"))
                .write(jar);
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", folder.resolve("felix").toString(), "felix.log.level", "0"));
        framework.start();
        try {
            Bundle bundle =
                    framework.getBundleContext().installBundle(jar.toUri().toString());
            bundle.start();
            assertEquals("com.acme.myop", bundle.getSymbolicName());
            assertEquals(Version.parseVersion("1.2.0.rc1"), bundle.getVersion());
            assertEquals("Apache-2.0 two lines", bundle.getHeaders().get("Bundle-License"));
            assertEquals(
                    Map.of(
                            "framework",
                            "tensorflow",
                            "ops",
                            List.of("MyOp", "Acme>Other"),
                            "library",
                            LIBRARY,
                            "tensorflow",
                            ">=2.18,<2.19; x"),
                    bundle.adapt(BundleRevision.class)
                            .getDeclaredCapabilities("opgraft.op")
                            .get(0)
                            .getAttributes());
            assertEquals(
                    "words",
                    new String(
                            bundle.getEntry("data/words, all.txt").openStream().readAllBytes(),
                            StandardCharsets.UTF_8));
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }

    @Test
    void opsThatAreNotKnownAreLeftOut() throws Exception {
        Path jar = folder.resolve("a.jar");
        writer().file(LIBRARY, file("x"))
                .capability("tensorflow", List.of(), LIBRARY, Map.of())
                .write(jar);
        try (JarFile read = new JarFile(jar.toFile())) {
            assertEquals(
                    "opgraft.op;framework=\"tensorflow\";library=\"" + LIBRARY + "\"",
                    read.getManifest().getMainAttributes().getValue("Provide-Capability"));
        }
    }

    @Test
    void equalCallsGiveEqualBytesWhateverTheTimeZoneAndTheFilesTimes() throws Exception {
        Path a = file("a");
        Path b = file("b");
        TimeZone zone = TimeZone.getDefault();
        Path one = folder.resolve("one.jar");
        Path two = folder.resolve("two.jar");
        writer().file("a", a).file("b", b).write(one);
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            Files.setLastModifiedTime(a, java.nio.file.attribute.FileTime.fromMillis(5_000));
            writer().file("b", b).file("a", a).write(two);
        } finally {
            TimeZone.setDefault(zone);
        }
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        Path jar = Files.writeString(out.resolve("myop.jar"), "old");
        OpBundleWriter writer = writer().file(LIBRARY, folder.resolve("missing.so"));
        assertThrows(IOException.class, () -> writer.write(jar));
        assertEquals("old", Files.readString(jar));
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(List.of(jar), files.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\nb", "META-INF/MANIFEST.MF"})
    void unsafePathsAreRefused(String path) {
        OpBundleWriter writer = writer();
        assertThrows(IllegalArgumentException.class, () -> writer.file(path, folder));
    }

    @Test
    void namesThatAManifestCannotHaveAreRefused() {
        for (String name : List.of("", "a b", "a;b", "a..b", ".a", "a\n")) {
            assertThrows(IllegalArgumentException.class, () -> new OpBundleWriter(name, Version.emptyVersion), name);
        }
        OpBundleWriter writer = writer().file("a", folder);
        assertThrows(IllegalArgumentException.class, () -> writer.file("a", folder));
        assertThrows(IllegalArgumentException.class, () -> writer.header("Bundle-Version", "2"));
        assertThrows(IllegalArgumentException.class, () -> writer.header("bad header", "2"));
        assertThrows(
                IllegalArgumentException.class,
                () -> writer.capability("tensorflow", List.of(), LIBRARY, Map.of("ops", "MyOp")));
        for (String value : List.of("a\nX: y", "\"", "\\", "\u0000")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> writer.capability(value, List.of(), LIBRARY, Map.of()),
                    value);
        }
    }

    @Test
    void aLineEndInAValueCannotAddAHeader() throws Exception {
        Path jar = folder.resolve("a.jar");
        writer().header("Bundle-Vendor", "Acme\r\nBundle-Activator: evil").write(jar);
        try (JarFile read = new JarFile(jar.toFile())) {
            assertFalse(read.getManifest()
                    .getMainAttributes()
                    .containsKey(new java.util.jar.Attributes.Name("Bundle-Activator")));
        }
    }
}
