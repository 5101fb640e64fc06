package io.opgraft.models.internal.fake;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Version;

/** An op index that a test fills by hand. The bundles of its providers count as active unless they are stopped. */
public final class FakeOpIndex implements OpIndex {
    private final List<OpProvider> providers = new CopyOnWriteArrayList<>();

    /** Run at the begin of every {@link #settled}. */
    public Runnable onSettled = () -> {};

    private CompletableFuture<Void> trials = new CompletableFuture<>();

    /** Adds an active provider that no trial load described. */
    public OpProvider add(long id, String bundle, String version, String... ops) {
        return add(active(id, bundle, version, "", LibraryReport.NONE, ops));
    }

    /** Adds an active provider that a trial load described, installed with a location. Its ops know one attribute. */
    public OpProvider addProbed(
            long id, String bundle, String version, String location, String attribute, String... ops) {
        List<ProbedOp> probed = Arrays.stream(ops)
                .map(op -> new ProbedOp(op, "()", List.of(), attribute.getBytes(StandardCharsets.UTF_8)))
                .toList();
        Registration registration = new Registration("variant", bundle, Registration.Reach.SCOPE);
        ProbeReport probe = new ProbeReport(probed, List.of(registration), "", "", 1);
        LibraryReport report =
                new LibraryReport(Verdict.ISOLATABLE, List.of(), probe, "loaded-" + bundle, LibraryFacts.NONE);
        return add(active(id, bundle, version, location, report, ops));
    }

    /** Adds a provider as it is. */
    public OpProvider add(OpProvider provider) {
        providers.add(provider);
        return provider;
    }

    private static OpProvider active(
            long id, String bundle, String version, String location, LibraryReport report, String... ops) {
        return new OpProvider(
                FakeBackend.NAME,
                List.of(ops),
                bundle,
                Version.parseVersion(version),
                id,
                State.ACTIVE,
                "",
                bundle + "-" + version,
                Path.of("/ops", bundle, version),
                report,
                new OpOrigin(location, "", ""));
    }

    /** The same provider in another state, without a copy. */
    public static OpProvider as(State state, String reason, OpProvider p) {
        return new OpProvider(
                p.framework(),
                p.ops(),
                p.bundle(),
                p.version(),
                p.bundleId(),
                state,
                reason,
                "",
                null,
                LibraryReport.NONE,
                p.origin());
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

    /** What a provider becomes when its bundle is updated and its copy is kept. */
    public static OpProvider former(OpProvider p) {
        return new OpProvider(
                p.framework(),
                p.ops(),
                p.bundle(),
                p.version(),
                p.bundleId(),
                State.FORMER,
                "",
                p.digest(),
                p.library(),
                p.report(),
                p.origin());
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

    /** Completes what {@link #settled} gave while something was on trial. */
    public void settle() {
        CompletableFuture<Void> ended = trials;
        trials = new CompletableFuture<>();
        ended.complete(null);
    }

    @Override
    public CompletionStage<Void> settled() {
        onSettled.run();
        boolean checking = providers.stream().anyMatch(p -> p.state() == State.CHECKING);
        return checking ? trials : CompletableFuture.completedFuture(null);
    }
}
