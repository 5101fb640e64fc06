package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.ops.StoredLibrary;
import java.util.List;

/** Finds the libraries of wirings that served before, whether their bundles are still there or not. */
final class HeldLibraries {
    private final OpServices ops;

    HeldLibraries(OpServices ops) {
        this.ops = ops;
    }

    /**
     * Finds the library of a former wire.
     *
     * @param wire from the history
     * @param serving what the model version serves with now, or null
     * @return an installed provider that equals the wire, else one in state {@code FORMER} under the wire's own name; null
     *     if the library is gone
     */
    OpProvider find(Wire wire, Instance serving) {
        List<OpProvider> installed = ops.index().providers(wire.provider().framework(), wire.op()).stream()
                .filter(p -> p.state() == State.ACTIVE && p.digest().equals(wire.digest()))
                .toList();
        for (OpProvider provider : installed) {
            if (new Wire(wire.op(), provider).equals(wire)) {
                return provider;
            }
        }
        if (serving != null) {
            for (Wire served : serving.wiring().wires()) {
                if (served.equals(wire) && served.provider().library() != null) {
                    return former(wire, copy(served.provider()));
                }
            }
        }
        if (!installed.isEmpty()) {
            return former(wire, copy(installed.get(0)));
        }
        return ops.store().find(wire.digest()).map(copy -> former(wire, copy)).orElse(null);
    }

    private static StoredLibrary copy(OpProvider p) {
        return new StoredLibrary(p.framework(), p.ops(), p.digest(), p.library(), p.report(), p.files());
    }

    private static OpProvider former(Wire wire, StoredLibrary copy) {
        OpProvider old = wire.provider();
        return new OpProvider(
                old.framework(),
                copy.ops(),
                old.bundle(),
                old.version(),
                old.bundleId(),
                State.FORMER,
                "",
                old.digest(),
                copy.library(),
                copy.report(),
                old.origin(),
                copy.files());
    }
}
