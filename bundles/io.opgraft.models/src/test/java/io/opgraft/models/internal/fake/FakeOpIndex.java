package io.opgraft.models.internal.fake;

import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Version;

/** An op index that a test fills by hand. The bundles of its providers count as active unless they are stopped. */
public final class FakeOpIndex implements OpIndex {
    private final List<OpProvider> providers = new CopyOnWriteArrayList<>();

    /** Adds an active provider. */
    public OpProvider add(long id, String bundle, String version, String... ops) {
        OpProvider provider = new OpProvider(
                FakeBackend.NAME,
                List.of(ops),
                bundle,
                Version.parseVersion(version),
                id,
                State.ACTIVE,
                "",
                bundle + "-" + version,
                Path.of("/ops", bundle, version),
                LibraryReport.NONE,
                OpOrigin.NONE);
        providers.add(provider);
        return provider;
    }

    /** Adds a provider in another state. */
    public void add(long id, String bundle, String version, State state, String reason, String... ops) {
        providers.add(new OpProvider(
                FakeBackend.NAME,
                List.of(ops),
                bundle,
                Version.parseVersion(version),
                id,
                state,
                reason,
                "",
                null,
                LibraryReport.NONE,
                OpOrigin.NONE));
    }

    /** Removes all of a bundle. */
    public void remove(long id) {
        providers.removeIf(p -> p.bundleId() == id);
    }

    /** Stops a bundle. */
    public void stop(long id) {
        List<OpProvider> stopped =
                providers.stream().filter(p -> p.bundleId() == id).toList();
        remove(id);
        for (OpProvider p : stopped) {
            add(
                    id,
                    p.bundle(),
                    p.version().toString(),
                    State.STOPPED,
                    "bundle " + id + " is not started",
                    p.ops().toArray(String[]::new));
        }
    }

    /** Whether a bundle is active. */
    public boolean isActive(long id) {
        return providers.stream().anyMatch(p -> p.bundleId() == id && p.state() != State.STOPPED);
    }

    @Override
    public List<OpProvider> providers() {
        return List.copyOf(providers);
    }

    @Override
    public List<OpProvider> providers(String framework, String op) {
        List<OpProvider> found = new ArrayList<>(providers.stream()
                .filter(p -> p.framework().equals(framework) && p.ops().contains(op))
                .toList());
        found.sort((a, b) -> b.version().compareTo(a.version()));
        return found;
    }

    @Override
    public CompletionStage<Void> settled() {
        return CompletableFuture.completedFuture(null);
    }
}
