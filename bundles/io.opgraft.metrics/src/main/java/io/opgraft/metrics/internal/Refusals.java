package io.opgraft.metrics.internal;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashSet;
import java.util.Set;
import org.osgi.framework.Version;

/** Counts op libraries that were refused. */
final class Refusals {
    private final OpIndex ops;
    private final Counter counter;
    private Set<Refusal> known = Set.of();

    /** What makes one refusal; an update that is refused again is another. */
    private record Refusal(long bundleId, String bundle, Version version, String reason) {
        static Refusal of(OpProvider provider) {
            return new Refusal(provider.bundleId(), provider.bundle(), provider.version(), provider.reason());
        }
    }

    Refusals(PrometheusRegistry registry, OpIndex ops) {
        this.ops = ops;
        counter = Counter.builder()
                .name("opgraft_lint_refusals_total")
                .help("Op libraries refused by lint or trial load since the start.")
                .withoutExemplars()
                .register(registry);
        count();
    }

    /** Adds those that are new. */
    synchronized void count() {
        Set<Refusal> now = new HashSet<>();
        for (OpProvider provider : ops.providers()) {
            if (provider.state() == State.REFUSED) {
                now.add(Refusal.of(provider));
            }
        }
        counter.inc(now.stream().filter(refusal -> !known.contains(refusal)).count());
        known = now;
    }
}
