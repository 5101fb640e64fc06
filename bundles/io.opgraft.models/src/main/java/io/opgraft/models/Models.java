package io.opgraft.models;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The models of the repositories and their life cycle. Look-ups and leases never wait for a load under way. Safe for use
 * by many threads.
 */
@ProviderType
public interface Models {
    /**
     * Every model that a repository holds or that was asked for.
     *
     * @return ordered by name
     */
    List<ModelStatus> list();

    /**
     * One model.
     *
     * @param model its name
     * @return its state
     * @throws UnknownModelException if no repository holds it and nobody asked for it
     */
    ModelStatus get(String model) throws UnknownModelException;

    /**
     * Leases the instance that serves a model version now. A change of the model waits for the lease to end before it
     * frees the instance.
     *
     * @param model its name
     * @param version version number; empty for the highest that is ready
     * @return the lease, closed by the caller
     * @throws UnknownModelException if there is no such model or version
     * @throws ModelNotReadyException if it is known but cannot serve now; the message explains why
     */
    Lease acquire(String model, OptionalLong version) throws UnknownModelException, ModelNotReadyException;

    /**
     * Asks for a model: reads the repository again and loads the versions that its policy selects. Returns when each of
     * them is ready or has failed. A model that lacks an op stays asked for and becomes ready by itself when the op
     * arrives.
     *
     * @param model its name
     * @throws UnknownModelException if no repository holds it
     * @throws ModelNotReadyException if a version could not be made ready as the repository has it now; the message
     *     explains why, and what served before goes on
     * @throws ControlRefusedException if the control mode does not allow it
     */
    void load(String model) throws UnknownModelException, ModelNotReadyException, ControlRefusedException;

    /**
     * Asks for a model with another configuration than the repository has, or with other files. What the given
     * configuration leaves open is completed from the model. A plain {@link #load(String)} goes back to the repository.
     *
     * @param model its name
     * @param override what to take in place of the repository's
     * @throws UnknownModelException if no repository holds it
     * @throws ModelNotReadyException if a version could not be made ready; what served before goes on
     * @throws ControlRefusedException if the control mode or the settings do not allow it
     */
    default void load(String model, LoadOverride override)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        if (!override.isEmpty()) {
            throw new ControlRefusedException("the model cannot be loaded with another configuration");
        }
        load(model);
    }

    /**
     * Takes a model out of service: new requests are refused at once, those under way end first.
     *
     * @param model its name
     * @throws UnknownModelException if there is no such model
     * @throws ControlRefusedException if the control mode does not allow it
     */
    void unload(String model) throws UnknownModelException, ControlRefusedException;

    /**
     * Takes a model out of service and, if it is an ensemble, the models of its steps too.
     *
     * @param model its name
     * @param dependents whether the models of its steps go too, unless another model that is served needs them
     * @throws UnknownModelException if there is no such model
     * @throws ControlRefusedException if the control mode does not allow it
     */
    default void unload(String model, boolean dependents) throws UnknownModelException, ControlRefusedException {
        unload(model);
    }

    /**
     * Whether all is in order.
     *
     * @return true once every model that was asked for at start is ready
     */
    boolean ready();

    /**
     * The end of the first pass over the models asked for at start.
     *
     * @return completes when each of them is ready, waits for something or has failed
     */
    CompletionStage<Void> started();
}
