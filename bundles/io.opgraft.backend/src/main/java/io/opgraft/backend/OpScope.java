package io.opgraft.backend;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An op library that is loaded into a name space of its own. Scopes live as long as the process: what is loaded stays
 * mapped. Safe for use by many threads.
 */
@ConsumerType
public interface OpScope {
    /**
     * The ops that the library really registered.
     *
     * @return names as the author wrote them
     */
    Set<String> ops();

    /**
     * Compares what a model expects of an op with what this library defines.
     *
     * @param requirement from {@link Backend#inspect} of the same backend
     * @return every difference as a sentence part such as {@code attribute "bias" is unknown to it}; empty if it fits
     */
    List<String> mismatches(OpRequirement requirement);
}
