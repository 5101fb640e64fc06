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
}
