package io.opgraft.http.internal;

import io.opgraft.models.Models;
import io.opgraft.serving.Serving;
import java.lang.management.PlatformLoggingMXBean;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the HTTP server. When it accepts connections and the first pass over the models has ended, registers its address
 * as a {@link URI} service with the property {@value #ENDPOINT}; if it cannot listen, the reason as a {@link String}
 * service with the property {@value #ENDPOINT_ERROR}.
 */
@Component(
        configurationPid = HttpComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = HttpConfig.class)
public final class HttpComponent {
    static final String PID = "io.opgraft.http";

    /** Service property with the value {@code http} of the address. */
    static final String ENDPOINT = "opgraft.endpoint";

    /** Service property with the value {@code http} of the reason why there is no address. */
    static final String ENDPOINT_ERROR = "opgraft.endpoint.error";

    private static final Logger LOG = LoggerFactory.getLogger(HttpComponent.class);

    private final BundleContext context;
    private final HttpEndpoint endpoint;
    private ServiceRegistration<?> registration;
    private boolean closed;

    /**
     * Starts the server.
     *
     * @param context for the services that say how it went
     * @param serving where inferences go
     * @param models what there is
     * @param levels what sets levels of the log, or null
     * @param hidden takes the levels that the log leaves out, or null
     * @param config how to listen
     */
    @Activate
    public HttpComponent(
            BundleContext context,
            @Reference Serving serving,
            @Reference Models models,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL) PlatformLoggingMXBean levels,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, target = "(opgraft.log=hidden)")
                    Consumer<Set<String>> hidden,
            HttpConfig config) {
        this.context = context;
        String version = context.getProperty("opgraft.version");
        HttpEndpoint started = null;
        try {
            LogSettings log = new LogSettings(levels, hidden);
            started = HttpEndpoint.start(config, serving, models, version == null ? "unknown" : version, log);
        } catch (HttpStartException e) {
            LOG.error("HTTP is off: {}", e.getMessage());
            register(String.class, e.getMessage(), ENDPOINT_ERROR);
        }
        endpoint = started;
        if (endpoint != null) {
            LOG.info("HTTP listens on {}", endpoint.uri());
            models.started().whenComplete((done, failure) -> register(URI.class, endpoint.uri(), ENDPOINT));
        }
    }

    private synchronized <T> void register(Class<T> type, T service, String property) {
        if (!closed) {
            registration = context.registerService(type, service, FrameworkUtil.asDictionary(Map.of(property, "http")));
        }
    }

    /** Stops the server. */
    @Deactivate
    public void close() {
        synchronized (this) {
            closed = true;
            if (registration != null) {
                registration.unregister();
                registration = null;
            }
        }
        if (endpoint != null) {
            endpoint.close();
            LOG.info("HTTP stopped");
        }
    }
}
