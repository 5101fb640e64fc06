package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.internal.privateops.PrivateOps;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpStore;
import io.opgraft.ops.StoredLibrary;
import java.util.Optional;
import java.util.Set;

/**
 * What the bundle {@code io.opgraft.ops} offers, and what models bring along.
 *
 * @param index the op libraries of the installed bundles
 * @param store the copies that outlive their bundles; null if nobody keeps them
 * @param inspector judges files that are not installed; null if nobody does
 * @param privateOps installs what models bring along
 */
record OpServices(OpIndex index, OpStore store, OpInspector inspector, PrivateOps privateOps) {
    /** Finds a copy; without a store there is none. */
    Optional<StoredLibrary> find(String digest) {
        return store == null ? Optional.empty() : store.find(digest);
    }

    /** Lets go of copies. */
    void prune(Set<String> keep) {
        if (store != null) {
            store.prune(keep);
        }
    }
}
