package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.history.Holds.HeldOp;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a model version from what serves to what is wanted. Used by the deployer only. */
final class VersionUpdater {
    private static final Logger LOG = LoggerFactory.getLogger(VersionUpdater.class);

    /** What only a change of the files or of the configuration can cure. */
    private static final Set<Kind> NEEDS_CHANGE = Set.of(Kind.CONFIGURATION, Kind.LOAD_FAILED, Kind.WARMUP_FAILED);

    private final VersionBuilder builder;
    private final Holds holds;
    private final Chronicle chronicle;
    private final Worker worker;
    private final LongPredicate bundleActive;
    private final long graceMillis;

    VersionUpdater(
            VersionBuilder builder,
            Holds holds,
            Chronicle chronicle,
            Worker worker,
            LongPredicate bundleActive,
            long graceMillis) {
        this.builder = builder;
        this.holds = holds;
        this.chronicle = chronicle;
        this.worker = worker;
        this.bundleActive = bundleActive;
        this.graceMillis = graceMillis;
    }

    /**
     * Builds what is wanted, switches to it and retires what served before. If that fails, what served goes on, unless
     * its ops are gone for good.
     *
     * @param v the version
     * @param publish shows its state to other threads
     * @param cause why, for the history
     */
    void update(VersionEntry v, Runnable publish, Cause cause) {
        update(v, publish, cause, false);
    }

    @SuppressWarnings("try") // open for the log's sake
    private void update(VersionEntry v, Runnable publish, Cause cause, boolean graceOver) {
        try (LogModel named = new LogModel(v.model)) {
            if (v.current == null) {
                v.state = State.LOADING;
                publish.run();
            }
            VersionBuilder.Outcome outcome = builder.build(v);
            if (!outcome.explanation().isEmpty()) {
                failed(v, publish, outcome.explanation(), graceOver);
                return;
            }
            take(v, outcome, publish, cause);
        }
    }

    /**
     * Switches to what was built without errors and retires what served before.
     *
     * @param v the version
     * @param outcome an instance, or that nothing has to change
     * @param publish shows its state to other threads
     * @param cause why, for the history
     */
    void take(VersionEntry v, VersionBuilder.Outcome outcome, Runnable publish, Cause cause) {
        v.cancelGrace();
        v.explanation = Explanation.NONE;
        v.state = State.READY;
        Instance old = v.current;
        if (outcome.instance() != null) {
            v.current = outcome.instance();
            v.outdated = false;
        }
        publish.run();
        if (outcome.instance() != null) {
            String ops = v.current.wiring().toString();
            LOG.info("{} is ready{}{}", v, ops.isEmpty() ? "" : ": ", ops);
            chronicle.note(v, old == null ? null : old.wiring(), v.current.wiring(), cause);
            if (old != null) {
                old.retire();
            }
        }
    }

    private void failed(VersionEntry v, Runnable publish, Explanation explanation, boolean graceOver) {
        boolean news = !explanation.equals(v.explanation);
        v.explanation = explanation;
        if (v.current == null) {
            v.state = state(explanation);
            publish.run();
            if (news) {
                tell("{} is not ready: {}", v, explanation);
            }
            return;
        }
        if (builder.lacksSteps(v)) {
            // The models of the steps had their time to come back before they went.
            retire(v, publish, state(explanation));
            LOG.warn("{} is no longer ready: {}", v, explanation);
            return;
        }
        if (!isGone(v)) {
            v.cancelGrace();
            publish.run();
            if (news) {
                tell("{} goes on as before: {}", v, explanation);
            }
            return;
        }
        if (graceOver || graceMillis <= 0) {
            retire(v, publish, state(explanation));
            LOG.warn("{} is no longer ready: {}", v, explanation);
            return;
        }
        publish.run();
        if (v.grace == null) {
            LOG.info("{} serves {} ms longer: {}", v, graceMillis, explanation);
            v.grace = worker.schedule(graceMillis, () -> {
                v.grace = null;
                if (v.current != null) {
                    // A replacement that is being tried is worth waiting for.
                    boolean checking =
                            v.explanation.reasons().stream().anyMatch(r -> r.kind() == Kind.LIBRARY_CHECKING);
                    update(v, publish, Cause.OPS, !checking);
                }
            });
        }
    }

    /** A trial load is no reason to warn: it ends by itself. */
    private static void tell(String what, VersionEntry v, Explanation explanation) {
        if (explanation.reasons().stream().allMatch(r -> r.kind() == Kind.LIBRARY_CHECKING)) {
            LOG.info(what, v, explanation);
        } else {
            LOG.warn(what, v, explanation);
        }
    }

    private static State state(Explanation explanation) {
        boolean change = explanation.reasons().stream().anyMatch(r -> NEEDS_CHANGE.contains(r.kind()));
        return change ? State.FAILED : State.WAITING;
    }

    /** Whether the bundle of an op that it serves with is stopped or gone, unless it is held to that very library. */
    private boolean isGone(VersionEntry v) {
        List<Wire> held =
                holds.of(v.model, v.version).stream().map(HeldOp::wire).toList();
        return v.current.wiring().wires().stream()
                .anyMatch(wire -> !held.contains(wire) && !bundleActive.test(wire.bundleId()));
    }

    /**
     * Takes a version out of service. Requests under way end first.
     *
     * @return completes when its instance is freed
     */
    CompletionStage<Void> retire(VersionEntry v, Runnable publish, State state) {
        v.cancelGrace();
        Instance old = v.current;
        v.current = null;
        v.state = state;
        publish.run();
        return old == null ? CompletableFuture.completedFuture(null) : old.retire();
    }
}
