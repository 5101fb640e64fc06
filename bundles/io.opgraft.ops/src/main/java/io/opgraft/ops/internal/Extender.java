package io.opgraft.ops.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Watches all bundles for {@code opgraft.op} capabilities and registers the op services of those that are active,
 * through their own contexts. Copies on the thread of the framework event, so that the index knows all libraries when
 * the start level is reached.
 *
 * <p>Not a {@code BundleTracker}: that one drops an event that comes while the bundle is still being added, and an op
 * bundle that stops while it is copied would stay active in the index.
 */
final class Extender implements SynchronousBundleListener {
    private final BundleContext context;
    private final Capabilities capabilities;
    private final Admission admission;
    private final Trials trials;
    private final Index index;
    private final Listeners listeners;
    private final Map<Long, ExtendedBundle> bundles = new ConcurrentHashMap<>();
    private volatile boolean again;

    Extender(
            BundleContext context,
            Capabilities capabilities,
            Admission admission,
            Trials trials,
            Index index,
            Listeners listeners) {
        this.context = context;
        this.capabilities = capabilities;
        this.admission = admission;
        this.trials = trials;
        this.index = index;
        this.listeners = listeners;
    }

    void open() {
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            follow(bundle);
        }
    }

    /** From now on a bundle that is started gets another trial if its last one failed. */
    void tryAgain() {
        again = true;
    }

    void close() {
        context.removeBundleListener(this);
        for (ExtendedBundle extended : bundles.values()) {
            Map<String, Set<String>> changed;
            synchronized (extended) {
                extended.close();
                changed = extended.replace(List.of(), false);
            }
            extended.publish(changed);
        }
        bundles.clear();
    }

    /** A framework came or went: its libraries ask again. */
    void frameworkChanged(String framework) {
        bundles.values().stream().filter(bundle -> bundle.uses(framework)).forEach(Owner::run);
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
        ExtendedBundle extended = bundles.computeIfAbsent(
                bundle.getBundleId(), id -> new ExtendedBundle(bundle, trials, index, listeners));
        Map<String, Set<String>> changed;
        synchronized (extended) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            boolean active = bundle.getState() == Bundle.ACTIVE;
            if (revision == null || bundle.getState() == Bundle.UNINSTALLED) {
                bundles.remove(bundle.getBundleId());
                extended.follow(null, false);
                changed = extended.replace(List.of(), false);
            } else if (!extended.follow(revision, active)) {
                return;
            } else {
                changed = extended.replace(offers(bundle, revision, active), again);
            }
        }
        extended.publish(changed);
    }

    private List<Offer> offers(Bundle bundle, BundleRevision revision, boolean active) {
        List<Offer> offers = new ArrayList<>();
        Map<String, List<Declared>> byFolder = new LinkedHashMap<>();
        for (Declared declared : capabilities.read(bundle, revision)) {
            if (!declared.valid()) {
                // Logged once, when the bundle is started; the index says it from the beginning.
                offers.add(Offer.refused(declared.candidate(), "capability", declared.refusal(), active));
            } else if (!active) {
                offers.add(Offer.settled(declared.candidate().stopped()));
            } else {
                byFolder.computeIfAbsent(declared.folder(), folder -> new ArrayList<>())
                        .add(declared);
            }
        }
        byFolder.forEach((folder, libraries) -> {
            List<Offer> admitted =
                    admission.admit(libraries, store -> BundleFiles.take(store, bundle, folder, libraries));
            for (int i = 0; i < admitted.size(); i++) {
                Declared declared = libraries.get(i);
                admitted.get(i).serveAs(ops -> new BundleOpLibrary(bundle, declared, ops));
            }
            offers.addAll(admitted);
        });
        return offers;
    }
}
