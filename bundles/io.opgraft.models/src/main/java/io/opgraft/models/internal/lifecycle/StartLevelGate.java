package io.opgraft.models.internal.lifecycle;

import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * Runs an action once when the framework has reached a start level with all its bundles. While the framework climbs it
 * already names the level that it is working on, so the level counts only when an event says that the climb is over, or
 * when it was passed before.
 */
final class StartLevelGate implements FrameworkListener {
    private final BundleContext context;
    private final int level;
    private final Runnable action;
    private final AtomicBoolean done = new AtomicBoolean();

    StartLevelGate(BundleContext context, int level, Runnable action) {
        this.context = context;
        this.level = level;
        this.action = action;
    }

    void open() {
        context.addFrameworkListener(this);
        // This may be called on any thread, also while the bundles of the level are being started.
        if (system().getState() == Bundle.ACTIVE && current() >= level) {
            run();
        }
    }

    void close() {
        context.removeFrameworkListener(this);
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        boolean arrived =
                event.getType() == FrameworkEvent.STARTLEVEL_CHANGED || event.getType() == FrameworkEvent.STARTED;
        if (arrived && current() >= level) {
            run();
        }
    }

    private int current() {
        return system().adapt(FrameworkStartLevel.class).getStartLevel();
    }

    private Bundle system() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    private void run() {
        if (done.compareAndSet(false, true)) {
            action.run();
        }
    }
}
