package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedOp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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
        /** The configuration does not name its bundle. */
        NOT_PINNED,
        /** The configuration names its bundle in other versions. */
        OUTSIDE_RANGE,
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

    private static final Comparator<OpProvider> BEST_FIRST =
            Comparator.comparing(OpProvider::version).reversed().thenComparingLong(OpProvider::bundleId);

    private static final Judgement FITS = new Judgement(Verdict.FITS, "");

    private static final Judgement UNREGISTERED =
            new Judgement(Verdict.MISMATCH, "its library does not register the op");

    private final Request request;
    private final Map<String, List<OpProvider>> providers = new HashMap<>();
    private final Map<String, Map<OpProvider, Judgement>> judgements = new HashMap<>();

    Candidates(Request request) {
        this.request = request;
    }

    /** All providers of an op, highest version first. The same objects at each call. */
    List<OpProvider> of(OpRequirement requirement) {
        return providers.computeIfAbsent(requirement.op(), op -> {
            List<OpProvider> found =
                    new ArrayList<>(request.index().providers(request.backend().name(), op));
            found.sort(BEST_FIRST);
            return found;
        });
    }

    /** The entry of the configuration that names a bundle, or null. */
    OpPin pin(String bundle) {
        return request.pins().stream()
                .filter(p -> p.bundle().equals(bundle))
                .findFirst()
                .orElse(null);
    }

    /** Judges a provider, once. */
    Judgement judge(OpProvider provider, OpRequirement requirement) {
        // By identity, because the report makes a provider's hash code costly.
        return judgements
                .computeIfAbsent(requirement.op(), op -> new IdentityHashMap<>())
                .computeIfAbsent(provider, p -> decide(p, requirement));
    }

    private Judgement decide(OpProvider provider, OpRequirement requirement) {
        OpPin pin = pin(provider.bundle());
        if (pin == null && !request.pins().isEmpty()) {
            return new Judgement(Verdict.NOT_PINNED, "");
        }
        if (pin != null && !pin.accepts(provider.version())) {
            return new Judgement(Verdict.OUTSIDE_RANGE, "");
        }
        return switch (provider.state()) {
            case CHECKING -> new Judgement(Verdict.CHECKING, provider.reason());
            case STOPPED, FORMER -> new Judgement(Verdict.STOPPED, provider.reason());
            case REFUSED -> new Judgement(Verdict.REFUSED, provider.reason());
            case ACTIVE -> fit(provider, requirement);
        };
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
