package io.opgraft.ops.internal;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpStore;
import io.opgraft.ops.StoredLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together. When its service is there, the index knows all bundles that are active by then. */
@Component(
        service = {OpIndex.class, OpStore.class, OpInspector.class},
        immediate = true)
public final class OpsComponent implements OpIndex, OpStore, OpInspector, FrameworkListener {
    private static final Logger LOG = LoggerFactory.getLogger(OpsComponent.class);
    private static final String DATA = "opgraft.data";

    private final BundleContext context;
    private final CopyStore store;
    private final Trials trials;
    private final Inspector inspector;
    private final Index index = new Index();
    private final Listeners listeners;
    private final SelfRegistered selfRegistered;
    private final Extender extender;
    private final ProbeServices probes;

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
        FolderBuilder builder = new FolderBuilder(new Lint(here));
        Capabilities capabilities = new Capabilities(here);
        store = CopyStore.open(root, builder);
        trials = new Trials(store, new Judgements(root.resolve("judgements")));
        inspector = new Inspector(store, builder, capabilities, trials);
        Admission admission = new Admission(store, true);
        listeners = new Listeners(context);
        selfRegistered = new SelfRegistered(context, admission, trials, index, listeners);
        extender = new Extender(context, capabilities, admission, trials, index, listeners);
        probes = new ProbeServices(context, trials);
        trials.listen(framework -> {
            extender.frameworkChanged(framework);
            selfRegistered.frameworkChanged(framework);
        });
        store.prefetch();
        trials.prefetch();
        listeners.open();
        probes.open();
        selfRegistered.open();
        extender.open();
        context.addFrameworkListener(this);
        if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE) {
            extender.tryAgain();
        }
    }

    /** A bundle that is started later than with the framework gets another trial if the last one failed. */
    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            extender.tryAgain();
            store.endPrefetch();
        }
    }

    @Override
    public Optional<StoredLibrary> find(String digest) {
        try {
            StoredFolder folder = store.find(digest);
            Unit unit = folder == null ? null : folder.byDigest(digest);
            Judgements.Kept kept = unit == null || unit.refusal() != null ? null : trials.latest(digest);
            return kept == null ? Optional.empty() : Optional.of(folder.stored(unit, kept));
        } catch (IOException e) {
            LOG.warn("The copy of {} cannot be read: {}", digest, e.toString());
            return Optional.empty();
        }
    }

    @Override
    public boolean isDamaged(OpProvider provider) {
        try {
            return provider.files() != null && store.isDamaged(provider.files().folder());
        } catch (IOException e) {
            LOG.warn("The copy {} cannot be read: {}", provider.library(), e.toString());
            return true;
        }
    }

    @Override
    public void prune(Set<String> keep) {
        Set<String> installed = new HashSet<>();
        for (Bundle bundle : context.getBundles()) {
            installed.add(KnownBundles.prefix(bundle));
        }
        try {
            trials.retain(store.prune(installed, keep));
        } catch (IOException e) {
            LOG.warn("Judgements that are not used any more cannot be removed: {}", e.toString());
        }
    }

    @Override
    public List<OpProvider> inspectBundle(Path bundle) throws IOException {
        return inspector.inspectBundle(bundle);
    }

    @Override
    public OpProvider inspectLibrary(String framework, Path folder, Path library) throws IOException {
        return inspector.inspectLibrary(framework, folder, library);
    }

    @Override
    public OpProvider inspectFile(String framework, Path file) throws IOException {
        return inspector.inspectFile(framework, file);
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
        store.close();
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
