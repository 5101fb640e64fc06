package io.opgraft.launcher.server;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.bundle.FindHook;

/**
 * Hides the bundles that models bring along from the deploy folder's watcher. It takes a bundle of equal name and version,
 * wherever that came from, for the one that is to be installed, and would update it instead.
 */
final class ModelBundles implements FindHook {
    private static final String LOCATION = "opgraft-model:";
    private static final String WATCHER = "org.apache.felix.fileinstall";

    @Override
    public void find(BundleContext context, Collection<Bundle> bundles) {
        if (WATCHER.equals(context.getBundle().getSymbolicName())) {
            bundles.removeIf(bundle -> bundle.getLocation().startsWith(LOCATION));
        }
    }
}
