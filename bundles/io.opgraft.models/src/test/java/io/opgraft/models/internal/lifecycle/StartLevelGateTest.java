package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.FrameworkStartLevel;

class StartLevelGateTest {
    private final AtomicInteger level = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<FrameworkListener> listeners = new ArrayList<>();

    private final AtomicInteger state = new AtomicInteger(Bundle.STARTING);
    private final Bundle system = proxy(Bundle.class, (name, arguments) -> switch (name) {
        case "adapt" -> proxy(FrameworkStartLevel.class, (n, a) -> level.get());
        case "getState" -> state.get();
        default -> null;
    });

    private final BundleContext context = proxy(BundleContext.class, (name, arguments) -> {
        switch (name) {
            case "addFrameworkListener" -> listeners.add((FrameworkListener) arguments[0]);
            case "removeFrameworkListener" -> listeners.remove((FrameworkListener) arguments[0]);
            default -> {
                return system;
            }
        }
        return null;
    });

    private final StartLevelGate gate = new StartLevelGate(context, 30, runs::incrementAndGet);

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private void event(int type) {
        List.copyOf(listeners).forEach(l -> l.frameworkEvent(new FrameworkEvent(type, system, null)));
    }

    @Test
    void runsWhenTheClimbIsOver() {
        level.set(20);
        gate.open();
        event(FrameworkEvent.STARTED);
        assertEquals(0, runs.get());
        level.set(30);
        event(FrameworkEvent.PACKAGES_REFRESHED);
        assertEquals(0, runs.get());
        event(FrameworkEvent.STARTLEVEL_CHANGED);
        event(FrameworkEvent.STARTED);
        assertEquals(1, runs.get());
    }

    @Test
    void waitsForBundlesOfTheLevelThatAreBeingStarted() {
        level.set(30);
        gate.open();
        assertEquals(0, runs.get());
        event(FrameworkEvent.STARTED);
        assertEquals(1, runs.get());
    }

    @Test
    void runsWhenTheFrameworkWasStartedAtThatLevel() {
        level.set(30);
        state.set(Bundle.ACTIVE);
        gate.open();
        assertEquals(1, runs.get());
    }

    @Test
    void closedGateStaysClosed() {
        level.set(20);
        gate.open();
        gate.close();
        level.set(30);
        event(FrameworkEvent.STARTLEVEL_CHANGED);
        assertEquals(0, runs.get());
    }
}
