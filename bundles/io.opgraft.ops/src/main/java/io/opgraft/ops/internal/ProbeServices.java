package io.opgraft.ops.internal;

import io.opgraft.probe.LibraryProbe;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the frameworks that judge. As a hook it hears of a new one before all listeners, so that nobody who begins to
 * work because the framework is there finds a library that it has not judged.
 */
final class ProbeServices
        implements EventListenerHook, ServiceTrackerCustomizer<LibraryProbe, Frameworks.Present>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeServices.class);

    private final BundleContext context;
    private final Trials trials;
    private final ServiceTracker<LibraryProbe, Frameworks.Present> tracker;
    private final Map<ServiceReference<?>, Frameworks.Present> announced = new ConcurrentHashMap<>();
    private ServiceRegistration<EventListenerHook> hook;

    ProbeServices(BundleContext context, Trials trials) {
        this.context = context;
        this.trials = trials;
        this.tracker = new ServiceTracker<>(context, LibraryProbe.class, this);
    }

    void open() {
        hook = context.registerService(EventListenerHook.class, this, null);
        tracker.open();
    }

    @Override
    public void close() {
        try {
            hook.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("The framework has taken the hook away already", e);
        }
        tracker.close();
        announced.keySet().forEach(this::forget);
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        ServiceReference<?> reference = event.getServiceReference();
        if (event.getType() == ServiceEvent.REGISTERED) {
            if (isProbe(reference) && context.getService(reference) instanceof LibraryProbe probe) {
                announced.put(reference, trials.add(probe));
            }
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            forget(reference);
        }
    }

    private boolean isProbe(ServiceReference<?> reference) {
        String name = LibraryProbe.class.getName();
        return List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(name)
                && reference.isAssignableTo(context.getBundle(), name);
    }

    /** One that went before its registration reached the tracker. */
    private void forget(ServiceReference<?> reference) {
        Frameworks.Present present = announced.remove(reference);
        if (present != null) {
            trials.remove(present);
            context.ungetService(reference);
        }
    }

    @Override
    public Frameworks.Present addingService(ServiceReference<LibraryProbe> reference) {
        Frameworks.Present present = announced.remove(reference);
        if (present != null) {
            return present;
        }
        LibraryProbe probe = context.getService(reference);
        return probe == null ? null : trials.add(probe);
    }

    @Override
    public void modifiedService(ServiceReference<LibraryProbe> reference, Frameworks.Present present) {
        // Nothing of it depends on properties.
    }

    @Override
    public void removedService(ServiceReference<LibraryProbe> reference, Frameworks.Present present) {
        trials.remove(present);
        context.ungetService(reference);
    }
}
