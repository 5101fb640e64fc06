package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;

/** When bundles of the deploy folder start, in a real framework with a stand-in for FileInstall. */
class DeployedBundlesTest {
    private static final String WATCHER = "org.apache.felix.fileinstall";

    @TempDir
    Path dir;

    private final List<String> started = Collections.synchronizedList(new ArrayList<>());

    private static InputStream jar(String name) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private String location(String name) {
        return dir.resolve("deploy").resolve(name + ".jar").toFile().toURI().toString();
    }

    private static Bundle install(BundleContext context, String location, String name, int level) {
        try {
            Bundle bundle = context.installBundle(location, jar(name));
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            return bundle;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What started, in order, by the time that the framework's start returned. */
    private List<String> start(List<String> deployed, boolean fresh) throws Exception {
        started.clear();
        Felix framework = new Felix(Map.of(
                Constants.FRAMEWORK_STORAGE,
                dir.resolve("cache").toString(),
                Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                Integer.toString(ServerFramework.START_LEVEL),
                "felix.log.logger",
                new FelixLog()));
        framework.init();
        try {
            BundleContext context = framework.getBundleContext();
            if (fresh) {
                install(context, "test:watcher", WATCHER, 4).start();
                install(context, "test:backend", "backend", 20).start();
            }
            // Added first, so that it installs before the tested listener looks.
            context.addBundleListener((SynchronousBundleListener) event -> installAll(event, context, deployed));
            context.addBundleListener((SynchronousBundleListener) event -> {
                if (event.getType() == BundleEvent.STARTED) {
                    started.add(event.getBundle().getSymbolicName());
                }
            });
            context.addBundleListener(new DeployedBundles(context, dir.resolve("deploy")));
            framework.start();
            return started.stream()
                    .filter(name -> !name.equals("org.apache.felix.framework"))
                    .toList();
        } finally {
            stop(framework);
        }
    }

    private void installAll(BundleEvent event, BundleContext context, List<String> deployed) {
        if (event.getType() == BundleEvent.STARTING
                && WATCHER.equals(event.getBundle().getSymbolicName())) {
            deployed.forEach(name -> install(context, location(name), name, ServerFramework.START_LEVEL));
        }
    }

    private static void stop(Felix framework) throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void theyStartAtTheirOwnLevelAndBeforeTheFrameworkIsReady() throws Exception {
        assertEquals(List.of(WATCHER, "backend", "a", "b"), start(List.of("a", "b"), true));
    }

    @Test
    void whatIsFoundAgainStartsAsLateAsWhatIsKnown() throws Exception {
        start(List.of("a"), true);
        assertEquals(List.of(WATCHER, "backend", "a", "b"), start(List.of("b"), false));
    }
}
