package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges which providers fit which op of one model version. Libraries that a trial load described are judged by its
 * report; others are opened, but only when they are asked about, so that versions which a higher one makes needless are
 * never loaded.
 */
final class Candidates {
    /** How a provider stands to an op. */
    enum Verdict {
        /** It provides what the model expects. */
        FITS,
        /** It belongs to other models. */
        FOR_OTHERS,
        /** The configuration does not name its bundle. */
        NOT_PINNED,
        /** The configuration names its bundle in other versions. */
        OUTSIDE_RANGE,
        /** The configuration names its bundle with another library. */
        OTHER_DIGEST,
        /** A trial load of its library is under way. */
        CHECKING,
        /** Its bundle is not active. */
        STOPPED,
        /** The index or the backend refused the library. */
        REFUSED,
        /** It defines the op otherwise. */
        MISMATCH
    }

    /**
     * A verdict with its grounds.
     *
     * @param verdict how the provider stands
     * @param detail for the explanation, or empty
     */
    record Judgement(Verdict verdict, String detail) {}

    private static final Judgement FITS = new Judgement(Verdict.FITS, "");

    private static final Judgement UNREGISTERED =
            new Judgement(Verdict.MISMATCH, "its library does not register the op");

    private final Request request;
    private final List<OpPin> pins;
    private final boolean onlyPinned;
    private final Set<OpProvider> held = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Comparator<OpProvider> bestFirst;
    private final Map<String, List<OpProvider>> providers = new HashMap<>();
    private final Map<String, Map<OpProvider, Judgement>> judgements = new HashMap<>();
    private List<OpProvider> unknown;

    Candidates(Request request) {
        this.request = request;
        this.pins = request.pins().stream()
                .filter(pin -> pin.holdsFor(request.version()))
                .toList();
        this.onlyPinned = pins.stream().anyMatch(pin -> !pin.isFile());
        this.held.addAll(request.held().values());
        this.bestFirst = Comparator.<OpProvider, Boolean>comparing(
                        p -> !request.own().has(p))
                .thenComparing(OpProvider::version, Comparator.reverseOrder())
                .thenComparingLong(OpProvider::bundleId);
    }

    /** The entries of the configuration that hold for the version of the model. */
    List<OpPin> pins() {
        return pins;
    }

    OwnBundles own() {
        return request.own();
    }

    /** All providers of an op, the model's own first, then the highest version first. The same objects at each call. */
    List<OpProvider> of(OpRequirement requirement) {
        return providers.computeIfAbsent(requirement.op(), this::find);
    }

    private List<OpProvider> find(String op) {
        if (request.held().containsKey(op)) {
            return List.of(request.held().get(op));
        }
        List<OpProvider> found = new ArrayList<>();
        for (OpProvider provider : request.index().providers(request.backend().name(), op)) {
            // Where one op of a bundle is held, no other version of that bundle may provide another op.
            if (held.stream().allMatch(fixed -> goTogether(fixed, provider))) {
                found.add(provider);
            }
        }
        held.stream().filter(provider -> provider.ops().contains(op)).forEach(found::add);
        found.sort(bestFirst);
        return found;
    }

    private static boolean goTogether(OpProvider fixed, OpProvider other) {
        return !fixed.bundle().equals(other.bundle())
                || (fixed.state() == State.ACTIVE && fixed.bundleId() == other.bundleId());
    }

    /** Libraries of which nobody knows the ops, because no trial load told them. */
    List<OpProvider> unknown() {
        if (unknown == null) {
            unknown = request.index().providers().stream()
                    .filter(p -> p.framework().equals(request.backend().name())
                            && p.ops().isEmpty()
                            && (p.state() == State.CHECKING || p.state() == State.REFUSED))
                    .toList();
        }
        return unknown;
    }

    /** The entry of the configuration that names a provider, or null. */
    OpPin pin(OpProvider provider) {
        String file = request.own().file(provider);
        OpPin byBundle = null;
        for (OpPin pin : pins) {
            if (pin.isFile() && pin.file().equals(file)) {
                return pin;
            }
            if (!pin.isFile() && pin.bundle().equals(provider.bundle())) {
                byBundle = pin;
            }
        }
        return byBundle;
    }

    /** How much a provider is preferred to those of other bundles: the lower, the more. */
    int rank(OpProvider provider) {
        OpPin pin = pin(provider);
        int place = pin == null ? pins.size() : pins.indexOf(pin);
        return request.own().has(provider) ? place : pins.size() + 1 + place;
    }

    /** How two providers of one bundle are ordered, the preferred one first. */
    Comparator<OpProvider> bestFirst() {
        return bestFirst;
    }

    boolean isHeld(OpProvider provider) {
        return held.contains(provider);
    }

    /** Judges a provider, once. */
    Judgement judge(OpProvider provider, OpRequirement requirement) {
        // By identity, because the report makes a provider's hash code costly.
        return judgements
                .computeIfAbsent(requirement.op(), op -> new IdentityHashMap<>())
                .computeIfAbsent(provider, p -> decide(p, requirement));
    }

    /** What was judged so far of an op; null of a provider that nobody asked about. */
    Judgement known(OpProvider provider, OpRequirement requirement) {
        return judgements.getOrDefault(requirement.op(), Map.of()).get(provider);
    }

    private Judgement decide(OpProvider provider, OpRequirement requirement) {
        if (isHeld(provider)) {
            return provider.library() == null
                    ? new Judgement(Verdict.STOPPED, "its library is not there any more")
                    : fit(provider, requirement);
        }
        Judgement excluded = exclude(provider);
        if (excluded != null) {
            return excluded;
        }
        return switch (provider.state()) {
            case CHECKING -> new Judgement(Verdict.CHECKING, provider.reason());
            case STOPPED, FORMER -> new Judgement(Verdict.STOPPED, provider.reason());
            case REFUSED -> new Judgement(Verdict.REFUSED, provider.reason());
            case ACTIVE -> fit(provider, requirement);
        };
    }

    /** Whether the model may not use a provider, however well it fits; null if it may. */
    Judgement exclude(OpProvider provider) {
        if (request.own().isForOthers(provider)) {
            return new Judgement(Verdict.FOR_OTHERS, "");
        }
        OpPin pin = pin(provider);
        if (pin == null) {
            boolean shutOut = request.own().has(provider) ? isForOtherVersions(provider) : onlyPinned;
            return shutOut ? new Judgement(Verdict.NOT_PINNED, "") : null;
        }
        if (!pin.accepts(provider.version())) {
            return new Judgement(Verdict.OUTSIDE_RANGE, "");
        }
        return pin.acceptsDigest(provider.digest()) ? null : new Judgement(Verdict.OTHER_DIGEST, "");
    }

    /** Whether the configuration names a file of the model for other versions of the model only. */
    private boolean isForOtherVersions(OpProvider provider) {
        String file = request.own().file(provider);
        return request.pins().stream()
                .anyMatch(pin -> pin.isFile() && pin.file().equals(file));
    }

    private Judgement fit(OpProvider provider, OpRequirement requirement) {
        ProbeReport probe = provider.report().probe();
        String failure = request.opener() == null ? null : request.opener().failure(provider);
        if (failure != null) {
            return new Judgement(Verdict.REFUSED, failure);
        }
        if (probe != null) {
            ProbedOp op = probe.op(requirement.op());
            return op == null ? UNREGISTERED : judgement(request.backend().mismatches(requirement, op));
        }
        if (request.opener() == null) {
            return FITS;
        }
        OpScope scope = request.opener().open(provider);
        if (scope == null) {
            return new Judgement(Verdict.REFUSED, request.opener().failure(provider));
        }
        return scope.ops().contains(requirement.op()) ? judgement(scope.mismatches(requirement)) : UNREGISTERED;
    }

    private static Judgement judgement(List<String> mismatches) {
        return mismatches.isEmpty() ? FITS : new Judgement(Verdict.MISMATCH, String.join("; ", mismatches));
    }
}
