package io.opgraft.models.internal.resolve;

import io.opgraft.backend.Backend;
import io.opgraft.backend.OpRequirement;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the resolver is asked. Nothing of it needs to be installed: a hypothetical index gives a hypothetical answer.
 *
 * @param model model name
 * @param version version of the model
 * @param backend the backend that will load the model; judges the libraries
 * @param index the op libraries
 * @param pins what the configuration says, entries for other versions of the model included
 * @param own the bundles that belong to the model itself
 * @param held providers that were fixed by hand, by op; they are taken, also if their bundle is gone
 * @param opener opens the libraries that no trial load described; null to take such libraries for fitting
 * @param requirements the ops
 */
public record Request(
        String model,
        long version,
        Backend backend,
        OpIndex index,
        List<OpPin> pins,
        OwnBundles own,
        Map<String, OpProvider> held,
        Opener opener,
        Collection<? extends OpRequirement> requirements) {
    /** Takes copies. */
    public Request {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(index, "index");
        Objects.requireNonNull(own, "own");
        pins = List.copyOf(pins);
        held = Map.copyOf(held);
        requirements = List.copyOf(requirements);
    }

    /**
     * A request without pins, own bundles, held providers and opener.
     *
     * @param model model name
     * @param version version of the model
     * @param backend the backend that will load the model
     * @param index the op libraries
     * @param requirements the ops
     * @return the request
     */
    public static Request of(
            String model,
            long version,
            Backend backend,
            OpIndex index,
            Collection<? extends OpRequirement> requirements) {
        return new Request(model, version, backend, index, List.of(), OwnBundles.NONE, Map.of(), null, requirements);
    }

    /**
     * The same request with pins.
     *
     * @param newPins what the configuration says
     * @return a copy
     */
    public Request withPins(List<OpPin> newPins) {
        return new Request(model, version, backend, index, newPins, own, held, opener, requirements);
    }

    /**
     * The same request with bundles of the model's own.
     *
     * @param newOwn which bundles belong to this model, and to others
     * @return a copy
     */
    public Request withOwn(OwnBundles newOwn) {
        return new Request(model, version, backend, index, pins, newOwn, held, opener, requirements);
    }

    /**
     * The same request with fixed providers.
     *
     * @param providers by op
     * @return a copy
     */
    public Request withHeld(Map<String, OpProvider> providers) {
        return new Request(model, version, backend, index, pins, own, providers, opener, requirements);
    }

    /**
     * The same request with an opener.
     *
     * @param newOpener what it opened and failed to open counts
     * @return a copy
     */
    public Request withOpener(Opener newOpener) {
        return new Request(model, version, backend, index, pins, own, held, newOpener, requirements);
    }

    /**
     * The same request about another state of the op libraries.
     *
     * @param newIndex the op libraries
     * @return a copy
     */
    public Request withIndex(OpIndex newIndex) {
        return new Request(model, version, backend, newIndex, pins, own, held, opener, requirements);
    }
}
