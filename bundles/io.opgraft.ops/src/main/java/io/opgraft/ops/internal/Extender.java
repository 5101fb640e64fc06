package io.opgraft.ops.internal;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all bundles for {@code opgraft.op} capabilities and registers the op services of those that are active,
 * through their own contexts. Works on the thread of the framework event, so that the index is complete when the start
 * level is reached.
 *
 * <p>Not a {@code BundleTracker}: that one drops an event that comes while the bundle is still being added, and an op
 * bundle that stops while it is copied would stay active in the index.
 */
final class Extender implements SynchronousBundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(Extender.class);

    private final BundleContext context;
    private final Capabilities capabilities;
    private final Admission admission;
    private final Index index;
    private final Listeners listeners;
    private final Map<Long, Extended> bundles = new ConcurrentHashMap<>();

    /** What was done for one bundle; also its lock and its owner key in the index. */
    private static final class Extended {
        private final List<ServiceRegistration<OpLibrary>> services = new ArrayList<>();
        private BundleRevision revision;
        private boolean active;
        private boolean closed;
    }

    Extender(BundleContext context, Capabilities capabilities, Admission admission, Index index, Listeners listeners) {
        this.context = context;
        this.capabilities = capabilities;
        this.admission = admission;
        this.index = index;
        this.listeners = listeners;
    }

    void open() {
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            follow(bundle);
        }
    }

    void close() {
        context.removeBundleListener(this);
        bundles.values().forEach(this::close);
        bundles.clear();
    }

    private void close(Extended extended) {
        Map<String, Set<String>> changed;
        synchronized (extended) {
            extended.closed = true;
            unregister(extended);
            changed = index.replace(extended, List.of());
        }
        listeners.tell(changed);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        follow(event.getBundle());
    }

    /** Brings services and index to the bundle's state of now, which may be later than the event's. */
    private void follow(Bundle bundle) {
        if (!bundles.containsKey(bundle.getBundleId()) && !Capabilities.declaredBy(bundle)) {
            return;
        }
        Extended extended = bundles.computeIfAbsent(bundle.getBundleId(), id -> new Extended());
        Map<String, Set<String>> changed;
        synchronized (extended) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            boolean active = bundle.getState() == Bundle.ACTIVE;
            if (revision == null || bundle.getState() == Bundle.UNINSTALLED) {
                bundles.remove(bundle.getBundleId());
                extended.revision = null;
                unregister(extended);
                changed = index.replace(extended, List.of());
            } else if (extended.closed || (revision == extended.revision && active == extended.active)) {
                return;
            } else {
                extended.revision = revision;
                extended.active = active;
                unregister(extended);
                List<OpProvider> providers = new ArrayList<>();
                for (Declared declared : capabilities.read(bundle, revision)) {
                    providers.add(provider(bundle, declared, extended));
                }
                changed = index.replace(extended, providers);
            }
        }
        listeners.tell(changed);
    }

    private OpProvider provider(Bundle bundle, Declared declared, Extended extended) {
        if (!declared.valid()) {
            // Logged once, when the bundle is started; the index says it from the beginning.
            return extended.active
                    ? admission.refuse(declared.candidate(), declared.refusal())
                    : declared.candidate().refused(declared.refusal());
        }
        if (!extended.active) {
            return declared.candidate().stopped();
        }
        BundleOpLibrary library = BundleOpLibrary.of(bundle, declared);
        OpProvider provider = admission.admit(declared.candidate(), library);
        register(bundle, library, provider, extended);
        return provider;
    }

    private static void register(Bundle bundle, OpLibrary library, OpProvider provider, Extended extended) {
        Map<String, Object> properties = Map.of(
                OpLibrary.FRAMEWORK_PROPERTY, provider.framework(),
                OpLibrary.OPS_PROPERTY, provider.ops().toArray(new String[0]),
                OpLibrary.VERSION_PROPERTY, provider.version());
        BundleContext own = bundle.getBundleContext();
        try {
            if (own != null) {
                extended.services.add(
                        own.registerService(OpLibrary.class, library, FrameworkUtil.asDictionary(properties)));
            }
        } catch (IllegalStateException e) {
            // Stopped meanwhile: its STOPPING event waits for this thread and then puts the index right.
            LOG.debug("{} stopped while its op service was registered", provider.label(), e);
        }
    }

    private static void unregister(Extended extended) {
        for (ServiceRegistration<OpLibrary> service : extended.services) {
            try {
                service.unregister();
            } catch (IllegalStateException e) {
                // The framework was faster, as it is when a bundle is uninstalled.
                LOG.debug("An op service is gone already", e);
            }
        }
        extended.services.clear();
    }
}
