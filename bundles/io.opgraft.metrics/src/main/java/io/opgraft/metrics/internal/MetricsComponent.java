package io.opgraft.metrics.internal;

import io.opgraft.backend.Backend;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.Models;
import io.opgraft.models.WiringListener;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpIndexListener;
import io.opgraft.serving.Serving;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the metrics for as long as its configuration exists. Registers the address as a {@link URI} service with the
 * property {@value #ENDPOINT}; if it cannot listen, the log says why and the server goes on without.
 */
@Component(
        configurationPid = MetricsComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = OpIndexListener.class)
@Designate(ocd = MetricsConfig.class)
public final class MetricsComponent implements OpIndexListener {
    static final String PID = "io.opgraft.metrics";

    /** Service property with the value {@code metrics} of the address. */
    static final String ENDPOINT = "opgraft.endpoint";

    private static final Logger LOG = LoggerFactory.getLogger(MetricsComponent.class);

    private final Refusals refusals;
    private final MetricsEndpoint endpoint;
    private final ServiceRegistration<WiringListener> listener;
    private final ServiceRegistration<URI> registration;

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<Backend> backends = List.of();

    /**
     * Starts the listener.
     *
     * @param context for the service that says where it listens
     * @param models counted
     * @param changes counted
     * @param ops counted
     * @param serving counted
     * @param config where to listen
     */
    @Activate
    public MetricsComponent(
            BundleContext context,
            @Reference Models models,
            @Reference ModelChanges changes,
            @Reference OpIndex ops,
            @Reference Serving serving,
            MetricsConfig config) {
        PrometheusRegistry registry = new PrometheusRegistry();
        String version = context.getProperty("opgraft.version");
        ServerMetrics.register(registry, version == null ? "unknown" : version);
        ModelMetrics.register(registry, models);
        OpMetrics.register(registry, ops);
        registry.register(new RetainedMetrics(() -> backends, changes));
        registry.register(new GpuMetrics(() -> backends));
        registry.register(new ServedVersions(serving, models));
        registry.register(new CacheMetrics(serving));
        CpuMetrics.register(registry);
        WiringChanges wirings = new WiringChanges(models);
        registry.register(wirings);
        refusals = new Refusals(registry, ops);
        // By hand, because models tell it and this needs the models.
        listener = context.registerService(WiringListener.class, wirings, null);
        MetricsEndpoint started = null;
        try {
            started = MetricsEndpoint.start(registry, config);
            LOG.info("Metrics on {}", started.uri());
        } catch (IOException e) {
            LOG.error("Metrics are off: {}", e.getMessage());
        }
        endpoint = started;
        registration = endpoint == null
                ? null
                : context.registerService(
                        URI.class, endpoint.uri(), FrameworkUtil.asDictionary(Map.of(ENDPOINT, "metrics")));
    }

    @Override
    public void changed(String framework, Set<String> names) {
        refusals.count();
    }

    /** Stops the listener. */
    @Deactivate
    public void close() {
        listener.unregister();
        if (endpoint != null) {
            registration.unregister();
            endpoint.close();
        }
    }
}
