package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PreEncodersTest {
    /** As a bundle sees it: through a context class loader that knows nothing. */
    @Test
    void contextClassLoaderIsRestored() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            thread.setContextClassLoader(empty);
            PreEncoders.load();
            assertSame(empty, thread.getContextClassLoader());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void serviceFileNamesEveryEncoder() throws Exception {
        URL own = PreEncoders.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()
                .resolve("META-INF/services/org.eclipse.jetty.http.HttpFieldPreEncoder")
                .toURL();
        try (InputStream in = own.openStream()) {
            Set<String> names = new TreeSet<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
            assertEquals(
                    Set.of(
                            "org.eclipse.jetty.http.Http10FieldPreEncoder",
                            "org.eclipse.jetty.http.Http11FieldPreEncoder",
                            "org.eclipse.jetty.http2.hpack.HpackFieldPreEncoder"),
                    names);
            for (String name : names) {
                Class.forName(name).getConstructor().newInstance();
            }
        }
    }
}
