package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;

class FrameworkStopTest {
    private static Bundle bundle(long id) {
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class}, (self, method, arguments) -> {
                    assertEquals("getBundleId", method.getName());
                    return id;
                });
    }

    @Test
    void onlyTheStopOfTheFrameworkCounts() {
        AtomicInteger runs = new AtomicInteger();
        FrameworkStop stop = new FrameworkStop(null, runs::incrementAndGet);
        stop.bundleChanged(new BundleEvent(BundleEvent.STOPPING, bundle(7)));
        stop.bundleChanged(new BundleEvent(BundleEvent.STARTED, bundle(0)));
        assertEquals(0, runs.get());
        stop.bundleChanged(new BundleEvent(BundleEvent.STOPPING, bundle(0)));
        assertEquals(1, runs.get());
    }
}
