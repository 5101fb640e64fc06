package io.opgraft.ops.internal;

import io.opgraft.ops.OpIndexListener;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listeners of the index. Never called with a lock held. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final ServiceTracker<OpIndexListener, OpIndexListener> tracker;

    Listeners(BundleContext context) {
        tracker = new ServiceTracker<>(context, OpIndexListener.class, null);
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    void tell(Map<String, Set<String>> changed) {
        if (changed.isEmpty()) {
            return;
        }
        for (OpIndexListener listener : tracker.getServices(new OpIndexListener[0])) {
            changed.forEach((framework, ops) -> tell(listener, framework, ops));
        }
    }

    private static void tell(OpIndexListener listener, String framework, Set<String> ops) {
        try {
            listener.changed(framework, Set.copyOf(ops));
        } catch (RuntimeException e) {
            LOG.error(
                    "{} failed on a change of the op index", listener.getClass().getName(), e);
        }
    }
}
