package io.opgraft.ops;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** All op libraries of the installed bundles. Look-ups are cheap and never wait for a change under way. */
@ProviderType
public interface OpIndex {
    /**
     * Every op library, also refused and stopped ones.
     *
     * @return ordered by bundle name and version
     */
    List<OpProvider> providers();

    /**
     * Op libraries that define an op, also refused and stopped ones.
     *
     * @param framework framework of the op
     * @param op op name
     * @return highest version first; empty if no installed bundle has it
     */
    List<OpProvider> providers(String framework, String op);

    /**
     * The end of the trial loads that are under way now.
     *
     * @return completes when no op library of now is {@link OpProvider.State#CHECKING} any more
     */
    CompletionStage<Void> settled();
}
