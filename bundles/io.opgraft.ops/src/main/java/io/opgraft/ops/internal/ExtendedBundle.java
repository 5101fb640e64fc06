package io.opgraft.ops.internal;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bundle with capabilities, and the services that were registered for it. */
final class ExtendedBundle extends Owner {
    private static final Logger LOG = LoggerFactory.getLogger(ExtendedBundle.class);

    private final Bundle bundle;
    private final List<ServiceRegistration<OpLibrary>> left = new ArrayList<>();
    private BundleRevision revision;
    private boolean active;
    private boolean closed;

    ExtendedBundle(Bundle bundle, Trials trials, Index index, Listeners listeners) {
        super(trials, index, listeners);
        this.bundle = bundle;
    }

    void close() {
        closed = true;
        leaveServices();
    }

    /**
     * Notes the bundle's state. Called with the lock held.
     *
     * @return false if nothing changed
     */
    boolean follow(BundleRevision revisionNow, boolean activeNow) {
        if (closed || (Objects.equals(revision, revisionNow) && active == activeNow)) {
            return false;
        }
        revision = revisionNow;
        active = activeNow;
        leaveServices();
        return true;
    }

    private void leaveServices() {
        offers().forEach(this::leave);
    }

    private void leave(Offer offer) {
        ServiceRegistration<OpLibrary> registration = offer.release();
        if (registration != null) {
            left.add(registration);
        }
    }

    /** A service to be registered. */
    private record Wanted(Offer offer, Object claim, OpProvider provider) {}

    @Override
    void updateServices() {
        List<Wanted> wanted = new ArrayList<>();
        List<ServiceRegistration<OpLibrary>> unwanted;
        synchronized (this) {
            for (Offer offer : offers()) {
                Object claim = offer.claim();
                if (claim != null) {
                    wanted.add(new Wanted(offer, claim, offer.provider()));
                } else if (!offer.active()) {
                    leave(offer);
                }
            }
            unwanted = List.copyOf(left);
            left.clear();
        }
        unwanted.forEach(ExtendedBundle::unregister);
        wanted.forEach(this::register);
    }

    private void register(Wanted wanted) {
        OpProvider provider = wanted.provider();
        BundleContext own = bundle.getBundleContext();
        if (own == null) {
            return;
        }
        ServiceRegistration<OpLibrary> registration;
        try {
            registration = own.registerService(
                    OpLibrary.class,
                    wanted.offer().service(provider),
                    FrameworkUtil.asDictionary(BundleOpLibrary.properties(provider)));
        } catch (IllegalStateException e) {
            // Stopped meanwhile: its STOPPING event puts the index right.
            LOG.debug("{} stopped while its op service was registered", provider.label(), e);
            return;
        }
        boolean taken;
        synchronized (this) {
            taken = wanted.offer().registered(wanted.claim(), registration);
        }
        if (!taken) {
            unregister(registration);
        }
    }

    private static void unregister(ServiceRegistration<OpLibrary> service) {
        try {
            service.unregister();
        } catch (IllegalStateException e) {
            // The framework was faster, as it is when a bundle is uninstalled.
            LOG.debug("An op service is gone already", e);
        }
    }
}
