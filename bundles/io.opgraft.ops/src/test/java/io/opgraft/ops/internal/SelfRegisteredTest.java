package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.op.OpFile;
import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpIndexListener;
import io.opgraft.ops.OpProvider.State;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

class SelfRegisteredTest {
    @TempDir
    static Path natives;

    private static Path library;

    @TempDir
    Path dir;

    private TestFramework framework;
    private Bundle bundle;

    private record Own(String framework, List<String> ops, OpFile library, List<OpFile> helpers) implements OpLibrary {}

    @BeforeAll
    static void build() throws Exception {
        library = NativeBuild.library(natives.resolve("libown.so"), "op.c", "-DVALUE=1");
    }

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir);
        bundle = framework.start(new OpBundle("io.acme.own", "3.1.0").write(dir.resolve("own.jar")));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void aServiceOfABundleIsIndexedAndGoesWithIt() throws Exception {
        ServiceRegistration<OpLibrary> registration = register(own("tensorrt", "lib/libown.so"), Map.of());
        assertEquals(State.ACTIVE, framework.only().state(), framework.only().reason());
        assertEquals("io.acme.own/3.1.0", framework.only().label());
        assertTrue(framework.only().library().endsWith("files/lib/libown.so"));
        assertEquals(List.of("tensorrt[Own]"), framework.events());

        registration.setProperties(properties(Map.of(OpLibrary.VERSION_PROPERTY, "4.0.0")));
        assertEquals("io.acme.own/4.0.0", framework.only().label());
        assertEquals(List.of("tensorrt[Own]"), framework.events());

        bundle.stop();
        assertEquals(List.of(), framework.index().providers());
        assertEquals(List.of("tensorrt[Own]"), framework.events());
    }

    @Test
    void badServicesAreRefused() throws Exception {
        assertRefused(own("", "libown.so"), Map.of(), "names no framework or no ops");
        assertRefused(own(null, "libown.so"), Map.of(), "its OpLibrary service failed");
        assertRefused(own("tensorrt", "../libown.so"), Map.of(), "is not relative and plain");
        assertRefused(own("tensorrt", "/tmp/libown.so"), Map.of(), "is not relative and plain");
        assertRefused(
                own("tensorrt", "libown.so"), Map.of(OpLibrary.VERSION_PROPERTY, "new"), "is new, expected one such");
        OpFile file = file("libown.so");
        assertRefused(
                new Own("tensorrt", List.of("Own"), file, List.of(file)), Map.of(), "two of its files are called");
        assertRefused(
                new Own("tensorrt", List.of("Own"), file("libown.so", dir.resolve("gone.so")), List.of()),
                Map.of(),
                "its file libown.so cannot be read");
    }

    @Test
    void aFailingListenerHurtsNobody() throws Exception {
        framework
                .context()
                .registerService(
                        OpIndexListener.class,
                        (name, ops) -> {
                            throw new IllegalStateException("on purpose");
                        },
                        null);
        register(own("tensorrt", "libown.so"), Map.of());
        assertEquals(State.ACTIVE, framework.only().state());
        assertEquals(List.of("tensorrt[Own]"), framework.events());
    }

    private void assertRefused(OpLibrary own, Map<String, Object> properties, String reason) {
        ServiceRegistration<OpLibrary> registration = register(own, properties);
        assertEquals(State.REFUSED, framework.only().state());
        assertTrue(framework.only().reason().contains(reason), framework.only().reason());
        registration.unregister();
    }

    private ServiceRegistration<OpLibrary> register(OpLibrary own, Map<String, Object> properties) {
        return bundle.getBundleContext().registerService(OpLibrary.class, own, properties(properties));
    }

    private static Dictionary<String, Object> properties(Map<String, Object> properties) {
        return FrameworkUtil.asDictionary(properties);
    }

    private static OpLibrary own(String framework, String path) throws Exception {
        return new Own(framework, List.of("Own"), file(path), List.of());
    }

    private static OpFile file(String path) throws Exception {
        return file(path, library);
    }

    private static OpFile file(String path, Path content) throws Exception {
        return new OpFile(path, content.toUri().toURL());
    }
}
