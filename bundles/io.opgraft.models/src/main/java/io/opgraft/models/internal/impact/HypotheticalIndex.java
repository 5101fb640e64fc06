package io.opgraft.models.internal.impact;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The op libraries as they would be. */
public final class HypotheticalIndex implements OpIndex {
    private static final Comparator<OpProvider> BY_NAME = Comparator.comparing(OpProvider::bundle)
            .thenComparing(OpProvider::version)
            .thenComparing(OpProvider::bundleId);

    private final List<OpProvider> providers;

    /**
     * Makes the index.
     *
     * @param providers all op libraries
     */
    public HypotheticalIndex(Collection<OpProvider> providers) {
        this.providers = providers.stream().sorted(BY_NAME).toList();
    }

    @Override
    public List<OpProvider> providers() {
        return providers;
    }

    @Override
    public List<OpProvider> providers(String framework, String op) {
        return providers.stream()
                .filter(p -> p.framework().equals(framework) && p.ops().contains(op))
                .sorted(Comparator.comparing(OpProvider::version)
                        .reversed()
                        .thenComparing(OpProvider::bundle)
                        .thenComparing(OpProvider::bundleId))
                .toList();
    }

    @Override
    public CompletionStage<Void> settled() {
        return CompletableFuture.completedFuture(null);
    }
}
