package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Restarts of one framework cache with other features, in a real framework. */
class InstalledBundlesTest {
    @TempDir
    private Path folder;

    /** What a test does between start and stop. */
    private interface Visit {
        void accept(BundleContext context) throws Exception;
    }

    private FeatureBundle bundle(String name, String version) throws IOException {
        Path jar = folder.resolve(name + "-" + version + ".jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            writeJar(out, name, version);
        }
        return new FeatureBundle("g:" + name + ":" + version, jar, 7);
    }

    private static void writeJar(OutputStream out, String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        new JarOutputStream(out, manifest).close();
    }

    private Set<String> start(List<FeatureBundle> wanted, Visit visit) throws Exception {
        Path cache = folder.resolve("cache");
        InstalledBundles installed = new InstalledBundles(cache, wanted);
        installed.forgetOutdated();
        Felix felix =
                new Felix(Map.of(Constants.FRAMEWORK_STORAGE, cache.toString(), "felix.log.logger", new FelixLog()));
        felix.init();
        BundleContext context = felix.getBundleContext();
        for (Bundle bundle : installed.install(context)) {
            assertEquals(7, bundle.adapt(BundleStartLevel.class).getStartLevel());
        }
        felix.start();
        visit.accept(context);
        Set<String> labels = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != 0)
                .map(bundle -> bundle.getSymbolicName() + "/" + bundle.getVersion())
                .collect(Collectors.toCollection(TreeSet::new));
        felix.stop();
        felix.waitForStop(10_000);
        return labels;
    }

    private Set<String> start(FeatureBundle... wanted) throws Exception {
        return start(List.of(wanted), context -> {});
    }

    @Test
    void bundlesOfOldFeaturesAndVersionsGo() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        FeatureBundle b = bundle("b", "1.0.0");
        assertEquals(Set.of("a/1.0.0", "b/1.0.0"), start(a, b));
        assertEquals(Set.of("a/1.0.0"), start(a));
        assertEquals(Set.of("a/2.0.0", "b/1.0.0"), start(bundle("a", "2.0.0"), b));
    }

    @Test
    void bundlesOfOthersStay() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        writeJar(other, "other", "3.0.0");
        start(
                List.of(a),
                context -> context.installBundle(
                        "inputstream:other", new java.io.ByteArrayInputStream(other.toByteArray())));
        assertEquals(Set.of("b/1.0.0", "other/3.0.0"), start(bundle("b", "1.0.0")));
    }

    @Test
    void aDistributionMayMove() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        assertEquals(Set.of("a/1.0.0"), start(a));
        Path moved = Files.createDirectories(folder.resolve("my moved")).resolve("a.jar");
        Files.move(a.jar(), moved);
        assertEquals(Set.of("a/1.0.0"), start(new FeatureBundle(a.id(), moved, 7)));
    }

    @Test
    void aRebuiltFileIsReadAnew() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        start(a);
        try (OutputStream out = Files.newOutputStream(a.jar())) {
            writeJar(out, "a", "1.0.0.longer-qualifier");
        }
        assertEquals(Set.of("a/1.0.0.longer-qualifier"), start(a));
    }

    @Test
    void equalStartsKeepIds() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        long[] ids = new long[2];
        for (int i = 0; i < ids.length; i++) {
            int index = i;
            start(
                    List.of(a),
                    context -> ids[index] = context.getBundle(a.location()).getBundleId());
        }
        assertEquals(ids[0], ids[1]);
    }

    @Test
    void aDamagedListIsNoObstacle() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        start(a);
        Files.write(folder.resolve("cache/distribution.bundles"), new byte[] {(byte) 0xff, 0, '\n', 'x', ' ', 'y'});
        assertEquals(Set.of("a/1.0.0"), start(a));
    }

    @Test
    void aDamagedArchiveIsMadeAnew() throws Exception {
        FeatureBundle a = bundle("a", "1.0.0");
        start(a);
        Files.write(folder.resolve("cache/bundle1/bundle.info"), new byte[0]);
        assertEquals(Set.of("a/1.0.0"), start(a));
    }
}
