package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrefetchTest {
    private final StoredFolder folder =
            new StoredFolder("a", Path.of("/files"), new FolderRecord(Map.of(), Map.of(), List.of()));

    @Test
    void theFirstAskerGetsWhatWasRead() throws Exception {
        Prefetch prefetch = new Prefetch();
        CountDownLatch second = new CountDownLatch(1);
        prefetch.start(List.of("a", "b"), digest -> {
            if (digest.equals("b")) {
                second.countDown();
            }
            return folder;
        });
        second.await();
        assertSame(folder, prefetch.take("a"));
        assertNull(prefetch.take("a"));
    }

    @Test
    void whatComesAfterItsFirstAskerIsNotGivenToTheNext() throws Exception {
        Prefetch prefetch = new Prefetch();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        prefetch.start(List.of("a", "b"), digest -> {
            if (digest.equals("a")) {
                reading.countDown();
                await(asked);
            } else {
                second.countDown();
            }
            return folder;
        });
        reading.await();
        assertNull(prefetch.take("a"));
        asked.countDown();
        second.await();
        // Somebody may have found the copy damaged meanwhile.
        assertNull(prefetch.take("a"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
