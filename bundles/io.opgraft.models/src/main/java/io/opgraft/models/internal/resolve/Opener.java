package io.opgraft.models.internal.resolve;

import io.opgraft.backend.Backend;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.backend.OpScope;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.OpProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Opens op libraries for one attempt to build an instance: each of them once, also if that fails. Used by one thread.
 */
public final class Opener {
    private final Backend backend;
    private final Function<OpProvider, String> refusal;
    private final Map<String, OpScope> scopes = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();

    /**
     * Makes an opener that has opened nothing.
     *
     * @param backend loads the libraries
     */
    public Opener(Backend backend) {
        this(backend, provider -> null);
    }

    /**
     * Makes an opener that has opened nothing.
     *
     * @param backend loads the libraries
     * @param refusal says why a library may not be loaded, as part of a sentence; null if it may
     */
    public Opener(Backend backend, Function<OpProvider, String> refusal) {
        this.backend = backend;
        this.refusal = refusal;
    }

    /**
     * Opens everything that a wiring needs.
     *
     * @param wiring providers with libraries
     * @return by op name; null if one of the libraries cannot be opened, which counts in the next resolution
     */
    public Map<String, OpScope> open(Wiring wiring) {
        Map<String, OpScope> byOp = new HashMap<>();
        for (Wire wire : wiring.wires()) {
            OpScope scope = open(wire.provider());
            if (scope == null) {
                return null;
            }
            byOp.put(wire.op(), scope);
        }
        return byOp;
    }

    /** Opens a library; null if that fails now or failed before. */
    OpScope open(OpProvider provider) {
        String digest = provider.digest();
        if (!scopes.containsKey(digest) && !failures.containsKey(digest)) {
            String reason = refusal.apply(provider);
            if (reason != null) {
                failures.put(digest, reason);
                return null;
            }
            try {
                scopes.put(digest, backend.open(copy(provider)));
            } catch (OpLoadException e) {
                failures.put(digest, String.valueOf(e.getMessage()));
            }
        }
        return scopes.get(digest);
    }

    private static OpLibraryCopy copy(OpProvider provider) {
        return new OpLibraryCopy(
                provider.digest(),
                provider.library(),
                provider.label(),
                provider.ops(),
                provider.report().probe() == null
                        ? List.of()
                        : provider.report().probe().registrations(),
                provider.files());
    }

    /** Why a library could not be opened; null if it could or was not tried. */
    String failure(OpProvider provider) {
        return failures.get(provider.digest());
    }
}
