package io.opgraft.ops.internal;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpOrigin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Watches the op services that bundles register themselves. Those of the extender are its own to index. */
final class SelfRegistered implements ServiceTrackerCustomizer<OpLibrary, SelfRegistered.Offered> {
    private final BundleContext context;
    private final Admission admission;
    private final Trials trials;
    private final Index index;
    private final Listeners listeners;
    private final ServiceTracker<OpLibrary, Offered> tracker;

    /** One service. */
    static final class Offered extends Owner {
        private final OpLibrary library;

        Offered(OpLibrary library, Trials trials, Index index, Listeners listeners) {
            super(trials, index, listeners);
            this.library = library;
        }

        void set(List<Offer> offers) {
            Map<String, Set<String>> changed;
            synchronized (this) {
                changed = replace(offers, true);
            }
            publish(changed);
        }
    }

    SelfRegistered(BundleContext context, Admission admission, Trials trials, Index index, Listeners listeners) {
        this.context = context;
        this.admission = admission;
        this.trials = trials;
        this.index = index;
        this.listeners = listeners;
        this.tracker = new ServiceTracker<>(context, foreign(), this);
    }

    private static Filter foreign() {
        try {
            return FrameworkUtil.createFilter("(&(" + Constants.OBJECTCLASS + "=" + OpLibrary.class.getName() + ")(!("
                    + BundleOpLibrary.DECLARED_PROPERTY + "=true)))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("this filter is right", e);
        }
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    /** A framework came or went: its libraries ask again. */
    void frameworkChanged(String framework) {
        tracker.getTracked().values().stream()
                .filter(offered -> offered.uses(framework))
                .forEach(Owner::run);
    }

    @Override
    public Offered addingService(ServiceReference<OpLibrary> reference) {
        OpLibrary library = context.getService(reference);
        if (library == null) {
            return null;
        }
        Offered offered = new Offered(library, trials, index, listeners);
        offered.set(offers(reference, library));
        return offered;
    }

    @Override
    public void modifiedService(ServiceReference<OpLibrary> reference, Offered offered) {
        offered.set(offers(reference, offered.library));
    }

    @Override
    public void removedService(ServiceReference<OpLibrary> reference, Offered offered) {
        offered.set(List.of());
        context.ungetService(reference);
    }

    private List<Offer> offers(ServiceReference<OpLibrary> reference, OpLibrary library) {
        Bundle bundle = reference.getBundle();
        Version own = bundle == null ? Version.emptyVersion : bundle.getVersion();
        String name = bundle == null ? "unregistered" : Candidate.name(bundle);
        long id = bundle == null ? -1 : bundle.getBundleId();
        OpOrigin origin = bundle == null ? OpOrigin.NONE : Candidate.origin(bundle);
        Object stated = reference.getProperty(OpLibrary.VERSION_PROPERTY);
        Version version = Capabilities.version(stated, own);
        String framework = "";
        List<String> ops = List.of();
        String path = "";
        String refusal = "";
        try {
            framework = library.framework();
            ops = List.copyOf(library.ops());
            path = library.library().path();
            if (framework.isEmpty() || ops.isEmpty()) {
                refusal = "its OpLibrary service names no framework or no ops; see the bundle's author";
            } else if (version == null) {
                refusal = "its service property " + OpLibrary.VERSION_PROPERTY + " is " + stated
                        + ", expected one such as 1.2.0";
            }
        } catch (RuntimeException e) {
            framework = framework == null ? "" : framework;
            refusal = "its OpLibrary service failed (" + e + "); see the bundle's author";
        }
        Candidate candidate = new Candidate(framework, ops, name, version == null ? own : version, id, origin);
        return refusal.isEmpty()
                ? admission.admit(
                        List.of(new Declared(candidate, "", path, "")), store -> store.take(Delivery.of(library), ""))
                : List.of(Offer.refused(candidate, "service", refusal, true));
    }
}
