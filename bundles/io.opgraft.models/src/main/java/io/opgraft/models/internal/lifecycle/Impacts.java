package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation;
import io.opgraft.models.Hold;
import io.opgraft.models.Impact;
import io.opgraft.models.Impact.Effect;
import io.opgraft.models.Impact.Fate;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.history.Holds.HeldOp;
import io.opgraft.models.internal.impact.Hypothesis;
import io.opgraft.models.internal.impact.HypotheticalIndex;
import io.opgraft.models.internal.resolve.Request;
import io.opgraft.models.internal.resolve.Resolution;
import io.opgraft.models.internal.resolve.Resolver;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says what a change would do to the models. Loads nothing. Every method is a task of the one worker. */
final class Impacts {
    private final Deployer deployer;
    private final VersionBuilder builder;
    private final OpIndex index;
    private final Holds holds;

    Impacts(Deployer deployer, VersionBuilder builder, OpIndex index, Holds holds) {
        this.deployer = deployer;
        this.builder = builder;
        this.index = index;
        this.holds = holds;
    }

    /** Resolves every model that the change concerns anew. */
    Impact of(Hypothesis hypothesis) {
        OpIndex then = hypothesis.applyTo(index);
        List<Effect> effects = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        Set<String> stillUsed = new TreeSet<>();
        Map<VersionEntry, ModelEntry> concerned = deployer.using(hypothesis.ops());
        for (ModelEntry m : deployer.models().values()) {
            for (VersionEntry v : m.snapshot()) {
                Wiring before = v.current == null ? null : v.current.wiring();
                Wiring after = before;
                if (m.askedFor && concerned.containsKey(v) && v.inspectedBy != null) {
                    Effect effect = effect(v, before, hypothesis, then);
                    effects.add(effect);
                    after = effect.after();
                }
                labels(before, used);
                labels(after, stillUsed);
            }
        }
        used.removeAll(stillUsed);
        effects.sort(Comparator.comparing(Effect::model).thenComparing(Effect::version));
        return new Impact(hypothesis.assumed(), hypothesis.findings(), effects, List.copyOf(used));
    }

    private static void labels(Wiring wiring, Set<String> labels) {
        if (wiring != null) {
            wiring.wires().forEach(wire -> labels.add(wire.bundle() + "/" + wire.version()));
        }
    }

    private Effect effect(VersionEntry v, Wiring before, Hypothesis hypothesis, OpIndex then) {
        List<HeldOp> held = holds.of(v.model, v.version);
        Map<String, OpProvider> fixed = new HashMap<>();
        for (HeldOp h : held) {
            OpProvider provider = builder.libraries().find(h.wire(), v.current);
            if (provider != null && v.requirements.containsKey(h.wire().op())) {
                fixed.put(h.wire().op(), provider);
            }
        }
        Request request = builder.request(v, v.inspectedBy).withHeld(fixed);
        Resolution resolution = Resolver.resolve(request.withIndex(then));
        if (resolution.isComplete()) {
            Wiring after = resolution.wiring();
            if (before == null) {
                return new Effect(v.model, v.version, Fate.GAINS, null, after, unsaid(v.explanation));
            }
            return before.equals(after)
                    ? new Effect(
                            v.model, v.version, Fate.STAYS, before, before, staying(request, before, held, hypothesis))
                    : new Effect(v.model, v.version, Fate.MOVES, before, after, "");
        }
        String why = resolution.explanation().toString();
        if (before == null) {
            return new Effect(v.model, v.version, Fate.WAITS, null, null, why);
        }
        return new Effect(v.model, v.version, Fate.LOSES, before, null, why);
    }

    private static String unsaid(Explanation explanation) {
        return explanation.isEmpty() ? "" : "now: " + explanation;
    }

    /** Why a model is not moved: it is held, or does not take what comes, or has something better. */
    private static String staying(Request request, Wiring wiring, List<HeldOp> held, Hypothesis hypothesis) {
        Set<String> concerned = new TreeSet<>();
        hypothesis.ops().values().forEach(concerned::addAll);
        Hold hold = Holds.summary(
                held.stream().filter(h -> concerned.contains(h.wire().op())).toList());
        if (hold != null) {
            return hold.toString();
        }
        List<OpRequirement> about = request.requirements().stream()
                .filter(r -> hypothesis.come().stream().anyMatch(p -> p.ops().contains(r.op())))
                .map(OpRequirement.class::cast)
                .toList();
        Resolution alone = Resolver.resolve(new Request(
                request.model(),
                request.version(),
                request.backend(),
                new HypotheticalIndex(hypothesis.come()),
                request.pins(),
                request.own(),
                Map.of(),
                null,
                about));
        String uses = wiring.wires().stream()
                .filter(wire -> concerned.contains(wire.op()))
                .map(Impacts::label)
                .distinct()
                .collect(Collectors.joining(", ", "it uses ", ""));
        return alone.isComplete() ? uses : uses + ", and not what comes: " + alone.explanation();
    }

    private static String label(Wire wire) {
        return wire.op() + " of " + wire.bundle() + "/" + wire.version();
    }
}
