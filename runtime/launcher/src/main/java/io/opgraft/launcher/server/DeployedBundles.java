package io.opgraft.launcher.server;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks what FileInstall finds in the deploy folder at its start as to be started. FileInstall itself starts a bundle only
 * when the start level of the bundle is reached, half a second later with its next look; the server would be ready before.
 * They start in the order of their start levels, like all others: earlier, the backend that judges them would be missing.
 */
final class DeployedBundles implements SynchronousBundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(DeployedBundles.class);
    private static final String WATCHER = "org.apache.felix.fileinstall";

    private final BundleContext context;
    private final String folder;
    private final Set<Long> before;

    /**
     * Takes the bundles of now as old ones, whose state of the last run counts.
     *
     * @param context of the system bundle
     * @param deploy the deploy folder
     */
    DeployedBundles(BundleContext context, Path deploy) {
        this.context = context;
        // FileInstall writes locations as java.io.File does.
        String uri = deploy.toFile().toURI().toString();
        this.folder = uri.endsWith("/") ? uri : uri + "/";
        this.before =
                Arrays.stream(context.getBundles()).map(Bundle::getBundleId).collect(Collectors.toSet());
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED
                && WATCHER.equals(event.getBundle().getSymbolicName())) {
            context.removeBundleListener(this);
            List<Bundle> found = Arrays.stream(context.getBundles())
                    .filter(bundle -> !before.contains(bundle.getBundleId()))
                    .filter(bundle -> bundle.getLocation().startsWith(folder))
                    .toList();
            queue(found);
        }
    }

    /**
     * Felix puts a bundle in the queue of its start level only if another thread than the one that works the queue off asks
     * for it; asked by that one, as here, it starts the bundle at once.
     */
    private static void queue(List<Bundle> bundles) {
        Thread thread = new Thread(() -> bundles.forEach(DeployedBundles::start), "opgraft-deployed");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(Bundle bundle) {
        if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
            return;
        }
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException | IllegalStateException e) {
            LOG.debug("{} is left to FileInstall: {}", bundle, e.toString());
        }
    }
}
