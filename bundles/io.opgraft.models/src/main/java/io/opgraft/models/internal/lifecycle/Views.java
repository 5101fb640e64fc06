package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Explanation;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.UnknownModelException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The published state of all models: written by the deployer, read by every request without a lock. */
final class Views {
    private final Map<String, ModelView> views = new ConcurrentHashMap<>();

    void publish(String model, ModelView view) {
        views.put(model, view);
    }

    void remove(String model) {
        views.remove(model);
    }

    ModelView get(String model) {
        return views.get(model);
    }

    Map<String, ModelView> all() {
        return views;
    }

    /**
     * Leases an instance. Its successor is published before an instance is retired, so a refused lease is followed by a
     * look at a newer view.
     */
    Lease acquire(String model, OptionalLong version) throws UnknownModelException, ModelNotReadyException {
        while (true) {
            ModelView view = views.get(model);
            if (view == null) {
                throw new UnknownModelException("Request for unknown model: '" + model + "' is not found");
            }
            Instance instance =
                    version.isEmpty() ? view.highest() : view.ready().get(version.getAsLong());
            if (instance == null) {
                throw notReady(view.status(), version);
            }
            Lease lease = instance.lease();
            if (lease != null) {
                return lease;
            }
        }
    }

    private static ModelNotReadyException notReady(ModelStatus status, OptionalLong version)
            throws UnknownModelException {
        if (!status.askedFor()) {
            return new ModelNotReadyException(
                    "Request for unknown model: '" + status.name() + "' is not loaded", status.explanation());
        }
        String subject = "Model '" + status.name() + "'" + (version.isEmpty() ? "" : " version " + version.getAsLong());
        if (!status.explanation().isEmpty()) {
            return new ModelNotReadyException(subject + " is not ready: " + status.explanation(), status.explanation());
        }
        VersionStatus found = null;
        for (VersionStatus candidate : status.versions()) {
            if (version.isEmpty() || candidate.version() == version.getAsLong()) {
                found = candidate;
            }
        }
        if (found == null && version.isPresent()) {
            throw new UnknownModelException("Request for unknown model: '" + status.name() + "' has no version "
                    + version.getAsLong() + " that its policy selects");
        }
        Explanation explanation = found == null ? Explanation.NONE : found.explanation();
        String why = explanation.isEmpty() ? "it is being loaded." : explanation.toString();
        return new ModelNotReadyException(subject + " is not ready: " + why, explanation);
    }
}
