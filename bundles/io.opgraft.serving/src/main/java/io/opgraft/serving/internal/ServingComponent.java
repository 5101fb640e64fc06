package io.opgraft.serving.internal;

import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.ResponseCacheStatistics;
import io.opgraft.serving.Serving;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Opens requests on leased instances. */
@Component(configurationPid = ServingConfig.PID)
@Designate(ocd = ServingConfig.class)
public final class ServingComponent implements Serving {
    private final Models models;
    private final RunThreads threads;
    private final Versions versions;
    private final BytesInFlight account;
    private final ResponseCache cache;

    /**
     * Makes the component.
     *
     * @param models where instances are leased
     * @param config threads and limits
     */
    @Activate
    public ServingComponent(@Reference Models models, ServingConfig config) {
        this.models = models;
        this.threads = new RunThreads(Math.max(1, config.threads()));
        this.versions = new Versions(Settings.of(config), threads);
        this.account = new BytesInFlight(config.maxBytesInFlight());
        this.cache = config.cacheBytes() > 0 ? new ResponseCache(config.cacheBytes()) : null;
    }

    @Override
    public InferenceRequest open(String model, OptionalLong version)
            throws UnknownModelException, ModelNotReadyException {
        Lease lease = models.acquire(model, version);
        return new LeasedRequest(lease, versions.of(lease.metadata()), account, cache);
    }

    @Override
    public List<ModelStatistics> statistics() {
        return versions.statistics();
    }

    @Override
    public ResponseCacheStatistics cache() {
        return cache == null ? ResponseCacheStatistics.NONE : cache.statistics();
    }

    /** Takes no more runs; those under way go on to their end. */
    @Deactivate
    public void close() {
        threads.close();
    }
}
