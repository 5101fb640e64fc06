package io.opgraft.serving;

import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.UnknownModelException;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** Opens inference requests. Safe for use by many threads. */
@ProviderType
public interface Serving {
    /**
     * Opens a request on the instance that serves a model version now.
     *
     * @param model model name
     * @param version version number; empty for the highest that is ready
     * @return the request, closed by the caller
     * @throws UnknownModelException if there is no such model or version
     * @throws ModelNotReadyException if it cannot serve now
     */
    InferenceRequest open(String model, OptionalLong version) throws UnknownModelException, ModelNotReadyException;

    /**
     * What was asked of the models since the start. A request is counted before its answer can be seen.
     *
     * @return one entry for each model version that got a request, ordered by name and version
     */
    List<ModelStatistics> statistics();

    /**
     * What the response cache does for all models together.
     *
     * @return {@link ResponseCacheStatistics#NONE} if there is none
     */
    default ResponseCacheStatistics cache() {
        return ResponseCacheStatistics.NONE;
    }
}
