package io.opgraft.ops.internal;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Puts the parts together. When its service is there, the index knows all bundles that are active by then. */
@Component(service = OpIndex.class, immediate = true)
public final class OpsComponent implements OpIndex, FrameworkListener {
    private static final String DATA = "opgraft.data";

    private final BundleContext context;
    private final CopyStore store;
    private final Index index = new Index();
    private final Listeners listeners;
    private final SelfRegistered selfRegistered;
    private final Extender extender;

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
        this.context = context;
        store = CopyStore.open(Path.of(data, "ops"), new Lint(here));
        Admission admission = new Admission(store);
        listeners = new Listeners(context);
        selfRegistered = new SelfRegistered(context, admission, index, listeners);
        extender = new Extender(context, new Capabilities(here), admission, index, listeners);
        listeners.open();
        selfRegistered.open();
        extender.open();
        context.addFrameworkListener(this);
    }

    /** When the framework has started, the bundles of the last run have taken their copies, and the rest can go. */
    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            store.prune();
        }
    }

    /** Withdraws all op services that were registered for bundles. */
    @Deactivate
    public void close() {
        context.removeFrameworkListener(this);
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
        return index.settled();
    }
}
