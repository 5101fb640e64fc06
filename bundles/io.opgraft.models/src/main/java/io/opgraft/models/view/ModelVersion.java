package io.opgraft.models.view;

import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Hold;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Wiring.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A version of a model, ready or not; or a model that has none, because its configuration cannot be read or nobody asked
 * for it.
 *
 * @param model the model
 * @param version one of its versions, or null if it has none
 */
public record ModelVersion(ModelStatus model, VersionStatus version) {
    /**
     * The version that answers requests which name none; if none is ready, the highest.
     *
     * @param model the model
     * @return its version
     */
    public static ModelVersion of(ModelStatus model) {
        VersionStatus found = null;
        for (VersionStatus candidate : model.versions()) {
            if (found == null || candidate.state() == State.READY || found.state() != State.READY) {
                found = candidate;
            }
        }
        return new ModelVersion(model, found);
    }

    /**
     * A version by its number.
     *
     * @param model the model
     * @param version the number
     * @return empty if the model has no such version
     */
    public static Optional<ModelVersion> of(ModelStatus model, long version) {
        return model.versions().stream()
                .filter(candidate -> candidate.version() == version)
                .findFirst()
                .map(found -> new ModelVersion(model, found));
    }

    /**
     * Every version of some models.
     *
     * @param models the models
     * @return in their order; a model without versions is there once
     */
    public static List<ModelVersion> all(List<ModelStatus> models) {
        List<ModelVersion> all = new ArrayList<>();
        for (ModelStatus model : models) {
            if (model.versions().isEmpty()) {
                all.add(new ModelVersion(model, null));
            }
            model.versions().forEach(version -> all.add(new ModelVersion(model, version)));
        }
        return all;
    }

    /**
     * The state.
     *
     * @return of the version; of the model if it has none
     */
    public State state() {
        if (version != null) {
            return version.state();
        }
        return model.askedFor() ? State.FAILED : State.UNLOADED;
    }

    /**
     * Which library computes which op.
     *
     * @return empty unless the version is ready and needs custom ops
     */
    public List<Wire> wires() {
        return version == null || version.wiring() == null
                ? List.of()
                : version.wiring().wires();
    }

    /**
     * The ops that the graph needs.
     *
     * @return their names, as far as known
     */
    public List<String> requiredOps() {
        return version == null ? List.of() : version.requiredOps();
    }

    /**
     * The required ops that no library computes now.
     *
     * @return their names
     */
    public List<String> unwiredOps() {
        List<String> ops = new ArrayList<>(requiredOps());
        wires().forEach(wire -> ops.remove(wire.op()));
        return ops;
    }

    /**
     * The op libraries that were passed over for those in {@link #wires}.
     *
     * @return each with the reason
     */
    public List<Reason> notes() {
        return version == null || version.wiring() == null
                ? List.of()
                : version.wiring().notes();
    }

    /**
     * The ops that a rollback fixed.
     *
     * @return null if all move freely
     */
    public Hold hold() {
        return version == null ? null : version.hold();
    }

    /**
     * Why it is not served, or not with a newer wiring.
     *
     * @return what concerns the whole model first
     */
    public Explanation explanation() {
        List<Reason> reasons = new ArrayList<>(model.explanation().reasons());
        if (version != null) {
            reasons.addAll(version.explanation().reasons());
        }
        return new Explanation(reasons);
    }
}
