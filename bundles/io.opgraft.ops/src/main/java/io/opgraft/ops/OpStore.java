package io.opgraft.ops;

import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The private copies of op libraries. A copy outlives its bundle until {@link #prune} is called. */
@ProviderType
public interface OpStore {
    /**
     * Finds a copy.
     *
     * @param digest as in {@link OpProvider#digest}
     * @return the copy, checked against its digests; empty if there is none or it is damaged
     */
    Optional<StoredLibrary> find(String digest);

    /**
     * Removes the copies that no installed bundle uses. Libraries that are loaded stay loaded.
     *
     * @param keep digests of copies to be kept nevertheless
     */
    void prune(Set<String> keep);

    /**
     * Compares the copy of a library with its digests, byte for byte. To be asked before a library is loaded for the first
     * time; a start alone looks at size and time only. May take long for large libraries.
     *
     * @param provider an active op library
     * @return true if the copy is not what was stored; it is made again when its bundle is started again
     */
    default boolean isDamaged(OpProvider provider) {
        return false;
    }
}
