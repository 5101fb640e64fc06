package io.opgraft.launcher.server;

import java.net.URI;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Listens to what the HTTP bundle says about itself, through services of JDK types only. */
final class Readiness {
    private Readiness() {}

    /**
     * Reports endpoints and the reason for a missing one.
     *
     * @param context the system bundle's
     * @param ready called with each endpoint that accepts requests
     * @param failed called with the sentence that says why there is none
     */
    static void watch(BundleContext context, Consumer<URI> ready, Consumer<String> failed) {
        track(context, URI.class, "opgraft.endpoint", ready);
        track(context, String.class, "opgraft.endpoint.error", failed);
    }

    private static <T> void track(BundleContext context, Class<T> type, String property, Consumer<T> action) {
        String filter = "(&(" + Constants.OBJECTCLASS + "=" + type.getName() + ")(" + property + "=http))";
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
