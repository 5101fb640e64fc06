package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.Backend;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpScope;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A refreshed bundle has a new class loader, but TensorFlow's tables and the op-scope library stay. */
class ClassLoaderTest {
    /** The whole class path a second time, but for the API and logging, which other bundles share. */
    private static final class Refreshed extends URLClassLoader {
        Refreshed() throws MalformedURLException {
            super(classPath(), ClassLoaderTest.class.getClassLoader());
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(new URL[0]);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                boolean own = name.startsWith("io.opgraft.tensorflow.")
                        || name.startsWith("org.tensorflow.")
                        || name.startsWith("org.bytedeco.")
                        || name.startsWith("com.google.protobuf.");
                Class<?> known = findLoadedClass(name);
                return known != null ? known : own ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    private static String prefix(Object scope) throws Exception {
        var method = scope.getClass().getDeclaredMethod("prefix");
        method.setAccessible(true);
        return (String) method.invoke(scope);
    }

    @Test
    void aSecondClassLoaderSharesTheScopes() throws Exception {
        OpLibraryCopy known = Lab.library("shared 1.0.0", "scale.c", "-DFACTOR=2");
        OpLibraryCopy fresh = Lab.library("shared 2.0.0", "scale.c", "-DFACTOR=5");
        OpScope before = Lab.BACKEND.open(known);
        // Not closed: its natives stay in use until the process ends.
        @SuppressWarnings("resource")
        Refreshed loader = new Refreshed();
        Class<?> type = loader.loadClass(Settings.class.getName());
        var make = type.getDeclaredConstructors()[0];
        make.setAccessible(true);
        Object settings = make.newInstance(Lab.DATA.resolve("refreshed"), Settings.defaultCache(), 1, 1, true, 30_000L);
        var backendMaker = loader.loadClass(TensorFlowBackend.class.getName()).getDeclaredConstructor(type);
        backendMaker.setAccessible(true);
        Backend backend = (Backend) backendMaker.newInstance(settings);
        assertTrue(backend.status().available(), backend.status().detail());
        assertNotEquals(TensorFlowBackend.class, backend.getClass());

        OpScope again = backend.open(known);
        assertEquals(prefix(before), prefix(again));
        assertEquals(Set.of("LabScale"), again.ops());
        OpScope other = backend.open(fresh);
        assertNotEquals(prefix(before), prefix(other));
        ModelSource source = Lab.source(Graphs.write(Graphs.scaled()), Map.of());
        assertEquals(1, backend.inspect(source).requirements().size());
        try (LoadedModel two = backend.load(source, Map.of("LabScale", again));
                LoadedModel five = backend.load(source, Map.of("LabScale", other));
                LoadedModel old = Lab.BACKEND.load(source, Map.of("LabScale", before))) {
            assertArrayEquals(new float[] {6}, Lab.run(two, "y", 3));
            assertArrayEquals(new float[] {15}, Lab.run(five, "y", 3));
            assertArrayEquals(new float[] {6}, Lab.run(old, "y", 3));
        }
    }
}
