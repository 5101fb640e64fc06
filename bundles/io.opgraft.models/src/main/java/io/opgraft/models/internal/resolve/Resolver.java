package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.internal.resolve.Candidates.Verdict;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
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
 * <p>All ops that come from one bundle come from one installed version of it: the model's own if it provides them all, else
 * the highest that does. Where two bundles fit, the model's own wins, then the one that the configuration names first;
 * otherwise nobody guesses. A library that is still on trial is waited for if it could win.
 */
public final class Resolver {
    private final Candidates candidates;
    private final Request request;
    private final ExplanationWriter writer;
    private final List<Reason> reasons = new ArrayList<>();

    private Resolver(Request request) {
        this.request = request;
        this.candidates = new Candidates(request);
        this.writer = new ExplanationWriter(request.model(), candidates);
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
        for (OpRequirement requirement : request.requirements()) {
            String bundle = chooseBundle(requirement);
            if (bundle != null) {
                byBundle.computeIfAbsent(bundle, b -> new ArrayList<>()).add(requirement);
            }
        }
        Map<String, OpProvider> chosen = new TreeMap<>();
        byBundle.forEach((bundle, ops) -> chosen.putAll(chooseVersion(bundle, ops)));
        if (!reasons.isEmpty()) {
            return new Resolution(null, writer.shortened(reasons));
        }
        byBundle.values().forEach(ops -> waitForBetter(ops, chosen));
        if (!reasons.isEmpty()) {
            return new Resolution(null, writer.shortened(reasons));
        }
        List<Wire> wires = new ArrayList<>();
        chosen.forEach((op, provider) -> wires.add(new Wire(op, provider)));
        Notes notes = new Notes(candidates);
        byBundle.values().forEach(ops -> notes.add(ops, chosen));
        return new Resolution(new Wiring(wires, notes.list()), Explanation.NONE);
    }

    /** The symbolic name of the bundle that an op comes from; null after adding the reasons why there is none. */
    private String chooseBundle(OpRequirement requirement) {
        Map<String, OpProvider> fitting = new LinkedHashMap<>();
        for (OpProvider provider : candidates.of(requirement)) {
            if (!fitting.containsKey(provider.bundle()) && fits(provider, requirement)) {
                fitting.put(provider.bundle(), provider);
            }
        }
        if (fitting.isEmpty()) {
            reasons.addAll(writer.noProvider(requirement));
            return null;
        }
        int best = fitting.values().stream().mapToInt(candidates::rank).min().getAsInt();
        fitting.values().removeIf(provider -> candidates.rank(provider) > best);
        if (fitting.size() == 1) {
            return fitting.keySet().iterator().next();
        }
        reasons.add(writer.ambiguous(requirement.op(), List.copyOf(fitting.values())));
        return null;
    }

    private boolean fits(OpProvider provider, OpRequirement requirement) {
        return candidates.judge(provider, requirement).verdict() == Verdict.FITS;
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
                    if (provider.bundle().equals(bundle)
                            && provider.bundleId() == bundleId
                            && fits(provider, requirement)) {
                        found.put(requirement.op(), provider);
                        break;
                    }
                }
            }
            if (found.size() == ops.size()) {
                return found;
            }
        }
        List<Reason> checking = ops.stream()
                .flatMap(op -> candidates.of(op).stream()
                        .filter(p -> p.bundle().equals(bundle) && isOnTrial(p, op))
                        .map(p -> writer.checking(op.op(), p)))
                .toList();
        reasons.addAll(checking.isEmpty() ? List.of(writer.noCommonVersion(bundle, ops)) : checking);
        return Map.of();
    }

    private boolean isOnTrial(OpProvider provider, OpRequirement requirement) {
        return candidates.judge(provider, requirement).verdict() == Verdict.CHECKING;
    }

    /** Adds a reason for every library on trial that would be taken, or would make the choice a question, if it fits. */
    private void waitForBetter(List<OpRequirement> ops, Map<String, OpProvider> chosen) {
        List<String> names = ops.stream().map(OpRequirement::op).toList();
        for (OpRequirement requirement : ops) {
            OpProvider taken = chosen.get(requirement.op());
            for (OpProvider other : candidates.of(requirement)) {
                boolean same = other.bundle().equals(taken.bundle());
                boolean better = same
                        ? candidates.bestFirst().compare(other, taken) < 0
                                && other.ops().containsAll(names)
                        : candidates.rank(other) <= candidates.rank(taken);
                if (better && other.state() == OpProvider.State.CHECKING && isOnTrial(other, requirement)) {
                    reasons.add(writer.checking(requirement.op(), other));
                }
            }
        }
    }
}
