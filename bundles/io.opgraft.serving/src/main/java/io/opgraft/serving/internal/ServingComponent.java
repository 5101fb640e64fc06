package io.opgraft.serving.internal;

import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.Serving;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens requests on leased instances. */
@Component
public final class ServingComponent implements Serving {
    private final Models models;

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
        return new LeasedRequest(models.acquire(model, version));
    }
}
