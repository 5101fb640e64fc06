package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** A cache as a killed server or a bad disk leaves it, and the bundles that a real framework then has. */
class StoredBundlesTest {
    @TempDir
    private Path folder;

    private Path cache;

    /** What a test does between start and stop. */
    private interface Visit {
        void accept(BundleContext context) throws Exception;
    }

    @BeforeEach
    void installTwo() throws Exception {
        cache = folder.resolve("cache");
        Set<String> labels = start(context -> {
            context.installBundle("inputstream:a", jar("a", "1.0.0")).start();
            context.installBundle("inputstream:b", jar("b", "1.0.0")).start();
        });
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), labels);
    }

    private static InputStream jar(String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = bytes;
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("data"));
            jar.write(version.repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /** Names, versions and states of the bundles that are there when the framework has started. */
    private Set<String> start(Visit visit) throws Exception {
        StoredBundles stored = new StoredBundles(cache, folder.resolve("deploy"), folder.resolve("uninstalling"));
        stored.check();
        Felix felix =
                new Felix(Map.of(Constants.FRAMEWORK_STORAGE, cache.toString(), "felix.log.logger", new FelixLog()));
        felix.init();
        felix.getBundleContext().addBundleListener(stored);
        felix.start();
        visit.accept(felix.getBundleContext());
        Set<String> labels = Arrays.stream(felix.getBundleContext().getBundles())
                .filter(bundle -> bundle.getBundleId() != 0)
                .map(bundle -> bundle.getSymbolicName() + "/" + bundle.getVersion() + " " + bundle.getState())
                .collect(Collectors.toCollection(TreeSet::new));
        felix.stop();
        felix.waitForStop(10_000);
        return labels;
    }

    private Set<String> start() throws Exception {
        return start(context -> {});
    }

    private Path bundle(int id) {
        return cache.resolve("bundle" + id);
    }

    private static void cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void nothingIsLostWithoutDamage() throws Exception {
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), start());
    }

    @Test
    void anUpdateThatWasCutOffIsUndone() throws Exception {
        Path next = Files.createDirectory(bundle(1).resolve("version0.1"));
        byte[] jar = jar("a", "2.0.0").readAllBytes();
        Files.write(next.resolve("bundle.jar"), Arrays.copyOf(jar, jar.length / 2));
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), start());
    }

    @Test
    void anUpdateWithoutItsDigestCountsIfItIsReadable() throws Exception {
        Path next = Files.createDirectory(bundle(1).resolve("version0.1"));
        Files.write(next.resolve("bundle.jar"), jar("a", "2.0.0").readAllBytes());
        Files.writeString(next.resolve("revision.location"), "inputstream:");
        assertEquals(Set.of("a/2.0.0 32", "b/1.0.0 32"), start());
    }

    @Test
    void anInstallationThatWasCutOffNeverWas() throws Exception {
        Files.delete(bundle(1).resolve("version0.0/revision.location"));
        assertEquals(Set.of("b/1.0.0 32"), start());
        Files.createDirectory(bundle(7));
        assertEquals(Set.of("b/1.0.0 32"), start());
    }

    @Test
    void aTornRecordIsTakenFromItsSecondCopy() throws Exception {
        cut(bundle(1).resolve("bundle.info"));
        Files.write(bundle(2).resolve("bundle.info"), new byte[0]);
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), start());
    }

    @Test
    void withoutAnyRecordOnlyThatBundleIsLeftOut() throws Exception {
        cut(bundle(1).resolve("bundle.info"));
        Files.delete(bundle(1).resolve("bundle.info.kept"));
        assertEquals(Set.of("b/1.0.0 32"), start());
    }

    @Test
    void aChangedByteLeavesOnlyThatBundleOut() throws Exception {
        Path jar = bundle(1).resolve("version0.0/bundle.jar");
        byte[] bytes = Files.readAllBytes(jar);
        bytes[bytes.length / 2] ^= 1;
        Files.write(jar, bytes);
        assertEquals(Set.of("b/1.0.0 32"), start());
        Set<String> again = start(context ->
                context.installBundle("inputstream:a", jar("a", "1.0.0")).start());
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), again);
    }

    @Test
    void anUpdateHasItsOwnDigest() throws Exception {
        start(context -> context.getBundle("inputstream:a").update(jar("a", "2.0.0")));
        assertEquals(Set.of("a/2.0.0 32", "b/1.0.0 32"), start());
        try (var files = Files.walk(bundle(1))) {
            cut(files.filter(file -> file.endsWith("bundle.jar"))
                    .max(java.util.Comparator.naturalOrder())
                    .orElseThrow());
        }
        assertEquals(Set.of("b/1.0.0 32"), start());
    }

    @Test
    void anUpdateThatFileInstallOnlyNotedIsBegunAgain() throws Exception {
        Path source = folder.resolve("c c.jar");
        Files.write(source, jar("c", "1.0.0").readAllBytes());
        start(context -> context.installBundle(source.toUri().toString()).start());
        Path note = Files.createDirectories(bundle(1).resolve("data")).resolve("3.checksum");
        Files.writeString(note, "1");
        start();
        assertTrue(Files.exists(note), "the file is as it was installed");
        Files.write(source, jar("c", "2.0.0").readAllBytes());
        Files.setLastModifiedTime(note, java.nio.file.attribute.FileTime.fromMillis(1));
        start();
        assertTrue(Files.exists(note), "the bundle was updated by someone else, after the note");
        Files.writeString(note, "2");
        start();
        assertFalse(Files.exists(note), "noted, but not updated");
    }

    @Test
    void aDeployedBundleThatWasNotStartedAnyMoreBeginsAgain() throws Exception {
        Path source = Files.createDirectories(folder.resolve("deploy")).resolve("d.jar");
        Files.write(source, jar("d", "1.0.0").readAllBytes());
        start(context -> context.installBundle(source.toUri().toString()));
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), start());
        start(context -> {
            context.installBundle(source.toUri().toString()).start();
            context.getBundle(source.toUri().toString()).stop();
        });
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32", "d/1.0.0 2"), start(), "who stopped it wants it stopped");
    }

    @Test
    void aBundleFromElsewhereMayBeInstalledOnly() throws Exception {
        Path source = folder.resolve("e.jar");
        Files.write(source, jar("e", "1.0.0").readAllBytes());
        start(context -> context.installBundle(source.toUri().toString()));
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32", "e/1.0.0 2"), start());
    }

    @Test
    void anUninstallationThatWasCutOffIsEnded() throws Exception {
        start(context -> context.getBundle("inputstream:a").stop());
        Files.writeString(folder.resolve("uninstalling"), "inputstream:a\ninputstream:gone");

        assertEquals(Set.of("b/1.0.0 32"), start(context -> {}));
        assertFalse(Files.exists(folder.resolve("uninstalling")), "the note is used once");
        start(context ->
                context.installBundle("inputstream:a", jar("a", "1.0.0")).start());
        assertEquals(Set.of("a/1.0.0 32", "b/1.0.0 32"), start(context -> {}));
    }
}
