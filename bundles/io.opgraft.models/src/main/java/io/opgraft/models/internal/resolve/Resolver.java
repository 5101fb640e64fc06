package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.resolve.Candidates.Judgement;
import io.opgraft.models.internal.resolve.Candidates.Verdict;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds a provider for every op of a model version, or says why there is none.
 *
 * <p>All ops that come from one bundle come from one installed version of it, the highest that provides them all. Where
 * two bundles fit, the configuration decides by naming one, or by naming one first.
 */
public final class Resolver {
    private final Candidates candidates;
    private final List<OpPin> pins;
    private final Collection<? extends OpRequirement> requirements;
    private final ExplanationWriter writer;
    private final List<Reason> reasons = new ArrayList<>();

    private Resolver(Request request) {
        this.candidates = new Candidates(request);
        this.pins = request.pins();
        this.requirements = request.requirements();
        this.writer = new ExplanationWriter(request.model(), candidates, pins);
    }

    /**
     * Resolves the ops of a model version. What is chosen is not opened.
     *
     * @param request what is needed and what there is
     * @return the wiring or the explanation
     */
    public static Resolution resolve(Request request) {
        return new Resolver(request).resolve();
    }

    private Resolution resolve() {
        Map<String, List<OpRequirement>> byBundle = new LinkedHashMap<>();
        for (OpRequirement requirement : requirements) {
            String bundle = chooseBundle(requirement);
            if (bundle != null) {
                byBundle.computeIfAbsent(bundle, b -> new ArrayList<>()).add(requirement);
            }
        }
        Map<String, OpProvider> chosen = new TreeMap<>();
        byBundle.forEach((bundle, ops) -> chosen.putAll(chooseVersion(bundle, ops)));
        if (!reasons.isEmpty()) {
            return new Resolution(null, new Explanation(reasons));
        }
        List<Wire> wires = new ArrayList<>();
        chosen.forEach((op, provider) -> wires.add(new Wire(op, provider)));
        return new Resolution(new Wiring(wires), Explanation.NONE);
    }

    /** The symbolic name of the bundle that an op comes from; null after adding the reasons why there is none. */
    private String chooseBundle(OpRequirement requirement) {
        Set<String> fitting = new LinkedHashSet<>();
        List<OpProvider> best = new ArrayList<>();
        for (OpProvider provider : candidates.of(requirement)) {
            if (!fitting.contains(provider.bundle()) && fits(provider, requirement)) {
                fitting.add(provider.bundle());
                best.add(provider);
            }
        }
        for (OpPin pin : pins) {
            if (fitting.contains(pin.bundle())) {
                return pin.bundle();
            }
        }
        if (fitting.size() == 1) {
            return fitting.iterator().next();
        }
        if (fitting.isEmpty()) {
            reasons.addAll(writer.noProvider(requirement));
        } else {
            reasons.add(writer.ambiguous(requirement.op(), best));
        }
        return null;
    }

    private boolean fits(OpProvider provider, OpRequirement requirement) {
        Judgement judgement = candidates.judge(provider, requirement);
        return judgement.verdict() == Verdict.FITS;
    }

    /** The providers of several ops, all from one installed version of a bundle. */
    private Map<String, OpProvider> chooseVersion(String bundle, List<OpRequirement> ops) {
        Set<Long> installed = new LinkedHashSet<>();
        for (OpProvider provider : candidates.of(ops.get(0))) {
            if (provider.bundle().equals(bundle)) {
                installed.add(provider.bundleId());
            }
        }
        for (long bundleId : installed) {
            Map<String, OpProvider> found = new HashMap<>();
            for (OpRequirement requirement : ops) {
                for (OpProvider provider : candidates.of(requirement)) {
                    if (provider.bundleId() == bundleId && fits(provider, requirement)) {
                        found.put(requirement.op(), provider);
                        break;
                    }
                }
            }
            if (found.size() == ops.size()) {
                return found;
            }
        }
        reasons.add(writer.noCommonVersion(bundle, ops));
        return Map.of();
    }
}
