package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateForceTest {
    private static final Path ROOT = Path.of("/store");

    private final List<String> forced = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore roots = new Semaphore(0);

    private static Path place(String name) {
        return ROOT.resolve(name).resolve("r1");
    }

    private void note(Path folder, boolean all) throws IOException {
        forced.add(folder + (all ? " with all" : ""));
        if (folder.equals(ROOT)) {
            roots.release();
        }
        if (folder.equals(place("gone"))) {
            throw new IOException("it was removed");
        }
    }

    private void awaitRoot() throws InterruptedException {
        assertTrue(roots.tryAcquire(60, TimeUnit.SECONDS), "the folder of all copies is forced last");
    }

    @Test
    void copiesComeBeforeTheFoldersThatHoldThemAndOneFailureStopsNothing() throws Exception {
        try (LateForce disk = new LateForce(this::note, 50)) {
            disk.add(place("gone"));
            awaitRoot();
            assertEquals(List.of("/store/gone/r1 with all", "/store/gone", "/store"), forced);

            forced.clear();
            disk.add(place("b"));
            awaitRoot();
            assertEquals(List.of("/store/b/r1 with all", "/store/b", "/store"), forced, "also after a pause");
        }
    }

    @Test
    void nothingIsForcedAfterTheEnd() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        LateForce disk = new LateForce(
                (folder, all) -> {
                    forced.add(folder.toString());
                    inside.countDown();
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                },
                1);
        disk.add(place("a"));
        assertTrue(inside.await(60, TimeUnit.SECONDS));
        disk.add(place("b"));
        disk.close();
        closed.countDown();
        disk.add(place("c"));
        disk.join();
        assertEquals("/store/a/r1", forced.get(0));
        assertTrue(forced.stream().noneMatch(folder -> folder.startsWith("/store/b") || folder.startsWith("/store/c")));
    }
}
