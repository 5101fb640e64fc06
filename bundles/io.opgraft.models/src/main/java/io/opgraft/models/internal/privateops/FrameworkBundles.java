package io.opgraft.models.internal.privateops;

import io.opgraft.ops.OpOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The private bundles of the framework that this bundle runs in. */
public final class FrameworkBundles implements PrivateBundles {
    private static final Logger LOG = LoggerFactory.getLogger(FrameworkBundles.class);

    private final BundleContext context;
    private final int startLevel;

    /**
     * Makes the view.
     *
     * @param context installs the bundles
     * @param startLevel of the installed bundles
     */
    public FrameworkBundles(BundleContext context, int startLevel) {
        this.context = context;
        this.startLevel = startLevel;
    }

    @Override
    public Set<String> installed() {
        Set<String> locations = new TreeSet<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getLocation().startsWith(OpOrigin.PRIVATE_LOCATION)) {
                locations.add(bundle.getLocation());
            }
        }
        return locations;
    }

    @Override
    public void install(String location, Path jar) throws IOException {
        Bundle bundle = context.getBundle(location);
        try {
            if (bundle == null) {
                try (InputStream content = Files.newInputStream(jar)) {
                    bundle = context.installBundle(location, content);
                }
                bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel);
            }
            if (bundle.getState() != Bundle.ACTIVE) {
                bundle.start();
            }
        } catch (BundleException e) {
            uninstall(location);
            throw new IOException(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "), e);
        }
    }

    @Override
    public void uninstall(String location) {
        Bundle bundle = context.getBundle(location);
        try {
            if (bundle != null) {
                bundle.uninstall();
            }
        } catch (BundleException e) {
            LOG.warn("bundle {} of a model cannot be uninstalled: {}", location, e.toString());
        }
    }
}
