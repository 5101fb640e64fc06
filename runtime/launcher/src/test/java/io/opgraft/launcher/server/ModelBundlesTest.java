package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.bundle.FindHook;

class ModelBundlesTest {
    @TempDir
    Path cache;

    private static InputStream bundle(String name) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static List<String> locations(BundleContext context) {
        return Arrays.stream(context.getBundles())
                .skip(1)
                .map(Bundle::getLocation)
                .toList();
    }

    @Test
    void theWatcherOfTheDeployFolderDoesNotSeeThem() throws Exception {
        Felix framework = new Felix(Map.of(
                Constants.FRAMEWORK_STORAGE,
                cache.toString(),
                Constants.FRAMEWORK_BSNVERSION,
                Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
        framework.start();
        try {
            BundleContext context = framework.getBundleContext();
            context.registerService(FindHook.class, new ModelBundles(), null);
            context.installBundle("opgraft-model:00", bundle("acme"));
            context.installBundle("file:acme.jar", bundle("acme"));
            Bundle watcher = context.installBundle("file:watcher.jar", bundle("org.apache.felix.fileinstall"));
            Bundle other = context.installBundle("file:other.jar", bundle("other"));
            watcher.start();
            other.start();
            assertEquals(
                    List.of("file:acme.jar", "file:watcher.jar", "file:other.jar"),
                    locations(watcher.getBundleContext()));
            assertEquals(4, locations(other.getBundleContext()).size());
        } finally {
            framework.stop();
            framework.waitForStop(0);
        }
    }
}
