package io.opgraft.serving.internal;

import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.Serving;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens requests on leased instances. */
@Component
public final class ServingComponent implements Serving {
    private final Models models;
    private final AllCounters counters = new AllCounters();

    /**
     * Makes the component.
     *
     * @param models where instances are leased
     */
    @Activate
    public ServingComponent(@Reference Models models) {
        this.models = models;
    }

    @Override
    public InferenceRequest open(String model, OptionalLong version)
            throws UnknownModelException, ModelNotReadyException {
        Lease lease = models.acquire(model, version);
        return new LeasedRequest(lease, counters.of(lease.metadata()));
    }

    @Override
    public List<ModelStatistics> statistics() {
        return counters.statistics();
    }
}
