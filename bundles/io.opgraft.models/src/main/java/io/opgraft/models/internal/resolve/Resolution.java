package io.opgraft.models.internal.resolve;

import io.opgraft.models.Explanation;
import io.opgraft.models.Wiring;

/**
 * The resolver's answer for one model version.
 *
 * @param wiring the providers; null if some op has none
 * @param explanation why not; empty if there is a wiring
 */
public record Resolution(Wiring wiring, Explanation explanation) {
    /**
     * Whether every op has a provider.
     *
     * @return true if there is a wiring
     */
    public boolean isComplete() {
        return wiring != null;
    }
}
