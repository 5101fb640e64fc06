package io.opgraft.ops.internal;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.LibraryProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Puts the parts together. When its service is there, the index knows all bundles that are active by then. */
@Component(service = OpIndex.class, immediate = true)
public final class OpsComponent implements OpIndex, FrameworkListener {
    private static final String DATA = "opgraft.data";

    private final BundleContext context;
    private final CopyStore store;
    private final Trials trials;
    private final Index index = new Index();
    private final Listeners listeners;
    private final SelfRegistered selfRegistered;
    private final Extender extender;
    private final ServiceTracker<LibraryProbe, Frameworks.Present> probes;

    /**
     * Opens the store of private copies and begins to watch bundles and services.
     *
     * @param context of this bundle
     * @throws IOException if the data directory cannot be used
     */
    @Activate
    public OpsComponent(BundleContext context) throws IOException {
        String data = context.getProperty(DATA);
        if (data == null) {
            throw new IllegalStateException(
                    "The framework property " + DATA + " is not set; it must name the data directory");
        }
        Platform here = Platform.current();
        Path root = Path.of(data, "ops");
        this.context = context;
        store = CopyStore.open(root, new FolderBuilder(new Lint(here)));
        trials = new Trials(store, new Judgements(root.resolve("judgements")));
        Admission admission = new Admission(store);
        listeners = new Listeners(context);
        selfRegistered = new SelfRegistered(context, admission, trials, index, listeners);
        extender = new Extender(context, new Capabilities(here), admission, trials, index, listeners);
        probes = new ServiceTracker<>(context, LibraryProbe.class, new Probes());
        trials.listen(framework -> {
            extender.frameworkChanged(framework);
            selfRegistered.frameworkChanged(framework);
        });
        listeners.open();
        probes.open();
        selfRegistered.open();
        extender.open();
        context.addFrameworkListener(this);
        if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE) {
            extender.tryAgain();
        }
    }

    /** Follows the frameworks that judge. */
    private final class Probes implements ServiceTrackerCustomizer<LibraryProbe, Frameworks.Present> {
        @Override
        public Frameworks.Present addingService(ServiceReference<LibraryProbe> reference) {
            return trials.add(context.getService(reference));
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

    /** When the framework has started, the bundles of the last run have taken their copies, and the rest can go. */
    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            extender.tryAgain();
            store.prune(Set.of());
        }
    }

    /** Withdraws all op services that were registered for bundles. */
    @Deactivate
    public void close() {
        context.removeFrameworkListener(this);
        trials.close();
        probes.close();
        extender.close();
        selfRegistered.close();
        listeners.close();
    }

    @Override
    public List<OpProvider> providers() {
        return index.providers();
    }

    @Override
    public List<OpProvider> providers(String framework, String op) {
        return index.providers(framework, op);
    }

    @Override
    public CompletionStage<Void> settled() {
        return trials.settled();
    }
}
