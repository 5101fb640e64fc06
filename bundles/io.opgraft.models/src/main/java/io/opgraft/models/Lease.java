package io.opgraft.models;

import io.opgraft.backend.LoadedModel;
import org.osgi.annotation.versioning.ProviderType;

/** The right to use an instance. Held by one request; the instance lives at least until the lease is closed. */
@ProviderType
public interface Lease extends AutoCloseable {
    /**
     * What the instance is.
     *
     * @return metadata, the same object for every lease of one instance
     */
    ModelMetadata metadata();

    /**
     * Which op bundles the instance computes with.
     *
     * @return the wiring, the same object for every lease of one instance
     */
    Wiring wiring();

    /**
     * The instance.
     *
     * @return the loaded model
     */
    LoadedModel model();

    /**
     * How many runs of the instance may go on at once.
     *
     * @return what the model says, else how many executors its configuration asks for; 0 if neither says anything
     */
    default int places() {
        return model().parallelism();
    }

    /** Ends the lease; further calls do nothing. */
    @Override
    void close();
}
