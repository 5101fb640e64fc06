package io.opgraft.http.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;

/** Waits for what other threads do. */
final class Await {
    private static final long SECONDS = 20;

    private Await() {}

    static void until(BooleanSupplier condition, String otherwise) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                Assertions.fail(otherwise);
            }
            Thread.sleep(5);
        }
    }
}
