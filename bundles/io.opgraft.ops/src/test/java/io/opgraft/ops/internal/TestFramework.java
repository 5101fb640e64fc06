package io.opgraft.ops.internal;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpIndexListener;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.LibraryProbe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** A real framework with the op index in it; bundles that it installs see the classes of the test. */
final class TestFramework implements AutoCloseable {
    private final Path dir;
    private final Framework framework;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private OpsComponent ops;

    TestFramework(Path dir) throws Exception {
        this.dir = dir;
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        dir.resolve("framework").toString(),
                        "org.osgi.framework.system.packages.extra",
                        "io.opgraft.op;version=1.0.0",
                        "felix.log.level",
                        "0",
                        "opgraft.data",
                        dir.resolve("data").toString()));
        framework.start();
        context().registerService(OpIndexListener.class, (name, names) -> events.add(name + names), null);
        ops = new OpsComponent(context());
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    OpIndex index() {
        return ops;
    }

    Path store() {
        return dir.resolve("data/ops");
    }

    /** Digests of the copies in the store. */
    List<String> copies() throws IOException {
        try (var all = Files.list(store())) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.length() == 64)
                    .sorted()
                    .toList();
        }
    }

    ServiceRegistration<LibraryProbe> probe(LibraryProbe probe) {
        return context().registerService(LibraryProbe.class, probe, null);
    }

    /** Waits for the trials under way. */
    void settle() throws Exception {
        ops.settled().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    boolean settled() {
        return ops.settled().toCompletableFuture().isDone();
    }

    /** What the listener was told since the last call. */
    List<String> events() {
        List<String> told = List.copyOf(events);
        events.clear();
        return told;
    }

    Bundle install(Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            return context().installBundle(jar.toString(), in);
        }
    }

    Bundle start(Path jar) throws Exception {
        Bundle bundle = install(jar);
        bundle.start();
        return bundle;
    }

    static void update(Bundle bundle, Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        }
    }

    /** The one provider that there is. */
    OpProvider only() {
        List<OpProvider> all = index().providers();
        if (all.size() != 1) {
            throw new AssertionError("expected one op library, found " + all);
        }
        return all.get(0);
    }

    void restartOps() throws Exception {
        ops.close();
        ops = new OpsComponent(context());
    }

    OpsComponent ops() {
        return ops;
    }

    void closeOps() {
        ops.close();
    }

    @Override
    public void close() throws BundleException {
        ops.close();
        framework.stop();
        try {
            framework.waitForStop(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
