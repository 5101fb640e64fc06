package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Bundles change from several threads while the index starts; in the end it must agree with the framework. */
class RacesTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 40;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theIndexAgreesWithTheFrameworkInTheEnd(boolean probed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (TestFramework framework = new TestFramework(dir)) {
            if (probed) {
                FakeProbe probe = new FakeProbe();
                probe.ops = List.of("Op0", "Op1", "Op2", "Op3");
                framework.probe(probe);
            }
            List<Bundle> bundles = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Path library = NativeBuild.library(dir.resolve("libop" + i + ".so"), "op.c", "-DVALUE=" + i);
                OpBundle bundle = new OpBundle("io.acme.b" + i, "1.0.0").op("Op" + i, library);
                bundles.add(framework.install(bundle.write(dir.resolve(i + ".jar"))));
            }
            List<Future<?>> work = new ArrayList<>();
            for (Bundle bundle : bundles) {
                work.add(threads.submit(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        bundle.start();
                        if (i < ROUNDS - 1 || bundle.getBundleId() % 2 == 0) {
                            bundle.stop();
                        }
                    }
                    return null;
                }));
            }
            for (int i = 0; i < ROUNDS / 4; i++) {
                framework.restartOps();
            }
            for (Future<?> each : work) {
                each.get();
            }
            framework.settle();
            check(framework, bundles);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void check(TestFramework framework, List<Bundle> bundles) {
        for (int i = 0; i < THREADS; i++) {
            Bundle bundle = bundles.get(i);
            boolean active = bundle.getState() == Bundle.ACTIVE;
            List<OpProvider> providers = framework.index().providers("tensorflow", "Op" + i);
            assertEquals(1, providers.size());
            assertEquals(active ? State.ACTIVE : State.STOPPED, providers.get(0).state());
            ServiceReference<?>[] services = bundle.getRegisteredServices();
            assertEquals(active ? 1 : 0, services == null ? 0 : services.length, OpLibrary.class.getName());
        }
        assertEquals(THREADS, framework.index().providers().size());
    }
}
