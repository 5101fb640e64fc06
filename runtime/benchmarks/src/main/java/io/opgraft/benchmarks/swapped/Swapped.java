package io.opgraft.benchmarks.swapped;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does nothing; that it is loaded is its purpose. */
public final class Swapped implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        // nothing to start
    }

    @Override
    public void stop(BundleContext context) {
        // nothing to stop
    }
}
