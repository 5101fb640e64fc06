package io.opgraft.launcher.server;

import java.net.URI;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Listens to what bundles with a port say about themselves, through services of JDK types only. */
final class Readiness {
    private Readiness() {}

    /**
     * Reports endpoints and the reason for a missing one. That the metrics have none is no reason to stop.
     *
     * @param context the system bundle's
     * @param ready called with each endpoint of HTTP that accepts requests
     * @param metrics called with each address of metrics
     * @param failed called with the sentence that says why there is none
     */
    static void watch(BundleContext context, Consumer<URI> ready, Consumer<URI> metrics, Consumer<String> failed) {
        track(context, URI.class, "opgraft.endpoint=http", ready);
        track(context, URI.class, "opgraft.endpoint=metrics", metrics);
        track(context, String.class, "opgraft.endpoint.error=http", failed);
    }

    private static <T> void track(BundleContext context, Class<T> type, String condition, Consumer<T> action) {
        String filter = "(&(" + Constants.OBJECTCLASS + "=" + type.getName() + ")(" + condition + "))";
        try {
            new ServiceTracker<T, T>(context, FrameworkUtil.createFilter(filter), null) {
                @Override
                public T addingService(ServiceReference<T> reference) {
                    T service = super.addingService(reference);
                    if (service != null) {
                        action.accept(service);
                    }
                    return service;
                }
            }.open();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
