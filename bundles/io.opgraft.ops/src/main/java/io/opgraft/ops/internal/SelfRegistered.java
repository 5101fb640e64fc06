package io.opgraft.ops.internal;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Watches the op services that bundles register themselves. Those of the extender are its own to index. */
final class SelfRegistered implements ServiceTrackerCustomizer<OpLibrary, OpLibrary> {
    private final BundleContext context;
    private final Admission admission;
    private final Index index;
    private final Listeners listeners;
    private final ServiceTracker<OpLibrary, OpLibrary> tracker;

    SelfRegistered(BundleContext context, Admission admission, Index index, Listeners listeners) {
        this.context = context;
        this.admission = admission;
        this.index = index;
        this.listeners = listeners;
        this.tracker = new ServiceTracker<>(context, OpLibrary.class, this);
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    @Override
    public OpLibrary addingService(ServiceReference<OpLibrary> reference) {
        OpLibrary library = context.getService(reference);
        if (library == null || library instanceof BundleOpLibrary) {
            context.ungetService(reference);
            return null;
        }
        listeners.tell(index.replace(reference, List.of(provider(reference, library))));
        return library;
    }

    @Override
    public void modifiedService(ServiceReference<OpLibrary> reference, OpLibrary library) {
        listeners.tell(index.replace(reference, List.of(provider(reference, library))));
    }

    @Override
    public void removedService(ServiceReference<OpLibrary> reference, OpLibrary library) {
        listeners.tell(index.replace(reference, List.of()));
        context.ungetService(reference);
    }

    private OpProvider provider(ServiceReference<OpLibrary> reference, OpLibrary library) {
        Bundle bundle = reference.getBundle();
        Version own = bundle == null ? Version.emptyVersion : bundle.getVersion();
        String name = bundle == null ? "unregistered" : Candidate.name(bundle);
        long id = bundle == null ? -1 : bundle.getBundleId();
        Object stated = reference.getProperty(OpLibrary.VERSION_PROPERTY);
        Version version = Capabilities.version(stated, own);
        String framework = "";
        List<String> ops = List.of();
        String refusal = "";
        try {
            framework = library.framework();
            ops = List.copyOf(library.ops());
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
        Candidate candidate = new Candidate(framework, ops, name, version == null ? own : version, id);
        return refusal.isEmpty() ? admission.admit(candidate, library) : admission.refuse(candidate, refusal);
    }
}
