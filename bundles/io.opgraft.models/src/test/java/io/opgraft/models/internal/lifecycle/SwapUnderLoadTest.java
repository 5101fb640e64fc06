package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Lease;
import io.opgraft.models.internal.fake.FakeModel;
import io.opgraft.models.internal.repository.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases from many threads while instances change, on the real threads. */
@Timeout(120)
class SwapUnderLoadTest {
    private static final int SWAPS = 300;
    private static final int CLIENTS = 4;

    @TempDir
    Path directory;

    private Server realThreads() throws Exception {
        Server server = new Server(directory).model("m", 1, "AddSub");
        server.models = new ModelsImpl(
                new Settings(ControlMode.EXPLICIT, List.of("*"), Server.POLL, server.state),
                new Repository(List.of(server.repository)),
                server.ops(),
                id -> true,
                Server.GRACE,
                new WorkerThread("test-deployer"),
                new WorkerThread("test-closer"));
        server.models.backendAdded(server.backend);
        return server;
    }

    @Test
    void everyLeaseIsOfALivingInstanceAndNoneIsRefused() throws Exception {
        Server server = realThreads();
        server.index.add(1, "acme", "1.0.0", "AddSub");
        server.models.start();
        server.models.started().toCompletableFuture().get(30, TimeUnit.SECONDS);

        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(CLIENTS);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<Long>> results = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            results.add(clients.submit(() -> {
                long leases = 0;
                while (!end.get()) {
                    try (Lease lease = server.models.acquire("m", OptionalLong.empty())) {
                        assertFalse(((FakeModel) lease.model()).isClosed());
                        Thread.onSpinWait();
                        assertFalse(((FakeModel) lease.model()).isClosed());
                    }
                    if (leases++ == 0) {
                        running.countDown();
                    }
                }
                return leases;
            }));
        }
        assertTrue(running.await(30, TimeUnit.SECONDS));
        for (int i = 1; i <= SWAPS; i++) {
            String version = "1." + i + ".0";
            server.index.add(1, "acme", version, "AddSub");
            server.changed("AddSub");
            // A load is a task like any other, so when it returns the change before it is done.
            server.models.load("m");
            assertEquals("AddSub=acme/" + version, server.wiring("m"));
        }
        end.set(true);
        for (Future<Long> result : results) {
            assertTrue(result.get(30, TimeUnit.SECONDS) > 0);
        }
        clients.shutdown();
        server.models.stop(30_000);
        assertEquals(SWAPS + 1, server.backend.loaded.size());
        for (FakeModel model : server.backend.loaded) {
            assertEquals(1, model.closes());
        }
    }

    @Test
    void requestsAreServedWhileTheNextInstanceIsBuilt() throws Exception {
        Server server = realThreads();
        server.index.add(1, "acme", "1.0.0", "AddSub");
        server.models.start();
        server.models.started().toCompletableFuture().get(30, TimeUnit.SECONDS);
        CountDownLatch building = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<InterruptedException> interrupted = new AtomicReference<>();
        server.backend.onLoad = () -> {
            building.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.set(e);
            }
        };
        server.index.add(2, "acme", "2.0.0", "AddSub");
        server.changed("AddSub");
        assertTrue(building.await(30, TimeUnit.SECONDS));
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertTrue(server.models.ready());
        assertEquals(1, server.models.list().size());
        goOn.countDown();
        server.models.load("m");
        assertEquals("AddSub=acme/2.0.0", server.wiring("m"));
        server.models.stop(30_000);
        assertNull(interrupted.get());
    }
}
