package io.opgraft.models.internal.resolve;

import io.opgraft.backend.Backend;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges which providers fit which op of one model version. Libraries are opened only when they are asked about, so that
 * versions which a higher one makes needless are never loaded.
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
     * @param scope the open library if it fits, else null
     */
    record Judgement(Verdict verdict, String detail, OpScope scope) {}

    private record Key(OpProvider provider, String op) {}

    private static final Comparator<OpProvider> BEST_FIRST =
            Comparator.comparing(OpProvider::version).reversed().thenComparingLong(OpProvider::bundleId);

    private final Backend backend;
    private final OpIndex index;
    private final List<OpPin> pins;
    private final Map<Key, Judgement> judgements = new HashMap<>();

    Candidates(Backend backend, OpIndex index, List<OpPin> pins) {
        this.backend = backend;
        this.index = index;
        this.pins = pins;
    }

    /** All providers of an op, highest version first. */
    List<OpProvider> of(OpRequirement requirement) {
        List<OpProvider> providers = new ArrayList<>(index.providers(backend.name(), requirement.op()));
        providers.sort(BEST_FIRST);
        return providers;
    }

    /** The entry of the configuration that names a bundle, or null. */
    OpPin pin(String bundle) {
        return pins.stream().filter(p -> p.bundle().equals(bundle)).findFirst().orElse(null);
    }

    /** Judges a provider, once. */
    Judgement judge(OpProvider provider, OpRequirement requirement) {
        Key key = new Key(provider, requirement.op());
        Judgement known = judgements.get(key);
        if (known == null) {
            known = decide(provider, requirement);
            judgements.put(key, known);
        }
        return known;
    }

    private Judgement decide(OpProvider provider, OpRequirement requirement) {
        OpPin pin = pin(provider.bundle());
        if (pin == null && !pins.isEmpty()) {
            return new Judgement(Verdict.NOT_PINNED, "", null);
        }
        if (pin != null && !pin.accepts(provider.version())) {
            return new Judgement(Verdict.OUTSIDE_RANGE, "", null);
        }
        return switch (provider.state()) {
            case CHECKING -> new Judgement(Verdict.CHECKING, provider.reason(), null);
            case STOPPED, FORMER -> new Judgement(Verdict.STOPPED, provider.reason(), null);
            case REFUSED -> new Judgement(Verdict.REFUSED, provider.reason(), null);
            case ACTIVE -> open(provider, requirement);
        };
    }

    private Judgement open(OpProvider provider, OpRequirement requirement) {
        OpScope scope;
        try {
            scope = backend.open(new OpLibraryCopy(
                    provider.digest(), provider.library(), provider.label(), provider.ops(), List.of()));
        } catch (OpLoadException e) {
            return new Judgement(Verdict.REFUSED, String.valueOf(e.getMessage()), null);
        }
        if (!scope.ops().contains(requirement.op())) {
            return new Judgement(Verdict.MISMATCH, "its library does not register the op", null);
        }
        List<String> mismatches = scope.mismatches(requirement);
        return mismatches.isEmpty()
                ? new Judgement(Verdict.FITS, "", scope)
                : new Judgement(Verdict.MISMATCH, String.join("; ", mismatches), null);
    }
}
