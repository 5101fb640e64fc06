package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpScope;
import io.opgraft.models.Explanation;
import io.opgraft.models.Wiring;
import java.util.Map;

/**
 * The resolver's answer for one model version.
 *
 * @param wiring the providers; null if some op has none
 * @param scopes by op name; empty if some op has none
 * @param explanation why not; empty if there is a wiring
 */
public record Resolution(Wiring wiring, Map<String, OpScope> scopes, Explanation explanation) {
    /** Takes a copy. */
    public Resolution {
        scopes = Map.copyOf(scopes);
    }

    /**
     * Whether every op has a provider.
     *
     * @return true if there is a wiring
     */
    public boolean isComplete() {
        return wiring != null;
    }
}
