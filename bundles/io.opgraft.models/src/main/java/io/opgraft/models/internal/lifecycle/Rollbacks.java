package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.ChangeResult;
import io.opgraft.models.Explanation;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.history.Holds.HeldOp;
import io.opgraft.models.internal.history.Past;
import io.opgraft.models.internal.lifecycle.VersionBuilder.Outcome;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes changes back and ends the holds that this makes. Every method is a task of the one worker. */
final class Rollbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Rollbacks.class);

    private final Deployer deployer;
    private final VersionBuilder builder;
    private final VersionUpdater updater;
    private final Chronicle chronicle;
    private final Holds holds;

    private record Built(VersionEntry version, Wiring before, Outcome outcome) {}

    Rollbacks(Deployer deployer, VersionBuilder builder, VersionUpdater updater, Chronicle chronicle, Holds holds) {
        this.deployer = deployer;
        this.builder = builder;
        this.updater = updater;
        this.chronicle = chronicle;
        this.holds = holds;
    }

    /** Sends a model back. */
    List<ChangeResult> model(String name) throws UnknownModelException, ChangeRefusedException {
        ModelEntry m = deployer.models().get(name);
        if (m == null) {
            throw new UnknownModelException("There is no model " + name + " that is to be served.");
        }
        if (!m.askedFor) {
            throw new ChangeRefusedException("Model " + name + " is not loaded. Load it first.");
        }
        Map<VersionEntry, Wiring> targets = new LinkedHashMap<>();
        for (VersionEntry v : m.snapshot()) {
            Wiring target = m.selected.contains(v.version) ? past(v).before(now(v)) : null;
            if (target != null) {
                targets.put(v, target);
            }
        }
        if (targets.isEmpty()) {
            throw new ChangeRefusedException("Model " + name
                    + " has nothing to go back to: its history knows no earlier wiring of the ops that it needs.");
        }
        return move(m, targets, "rollback of model " + name);
    }

    /** Sends all models back that use a bundle. */
    List<ChangeResult> bundle(String bundle) throws ChangeRefusedException {
        List<ChangeResult> results = new ArrayList<>();
        boolean used = false;
        for (ModelEntry m : List.copyOf(deployer.models().values())) {
            Map<VersionEntry, Wiring> targets = new LinkedHashMap<>();
            for (VersionEntry v : m.snapshot()) {
                boolean wanted = m.askedFor && m.selected.contains(v.version);
                Wiring target = wanted ? past(v).before(now(v), bundle) : null;
                if (target != null) {
                    targets.put(v, target);
                }
                used |= wanted && uses(v, bundle);
            }
            if (!targets.isEmpty()) {
                results.addAll(tried(m, targets, byBundle(bundle)));
            }
        }
        if (results.isEmpty()) {
            throw new ChangeRefusedException(
                    used
                            ? "Bundle " + bundle
                                    + " has nothing to go back to: the models that use it used nothing else"
                                    + " before, as far as their history goes."
                            : "No model uses a bundle " + bundle + ", and none did before its last change.");
        }
        return results;
    }

    /** How holds are marked that a rollback of a bundle makes. */
    static String byBundle(String bundle) {
        return "rollback of bundle " + bundle;
    }

    private static boolean uses(VersionEntry v, String bundle) {
        return v.current != null
                && v.current.wiring().wires().stream().anyMatch(w -> w.bundle().equals(bundle));
    }

    private List<ChangeResult> tried(ModelEntry m, Map<VersionEntry, Wiring> targets, String by) {
        try {
            return move(m, targets, by);
        } catch (ChangeRefusedException e) {
            Explanation why = new Explanation(List.of(
                    new Explanation.Reason(Explanation.Kind.HELD, "", m.name, String.valueOf(e.getMessage()), "")));
            return targets.keySet().stream()
                    .map(v -> new ChangeResult(m.name, v.version, serving(v), serving(v), why))
                    .toList();
        }
    }

    private Past past(VersionEntry v) {
        return new Past(chronicle.history().of(v.model, v.version), v.requirements.keySet());
    }

    /** What serves; or what it is held to, so that a further rollback of what cannot serve goes one step further. */
    private Wiring now(VersionEntry v) {
        List<HeldOp> held = holds.of(v.model, v.version);
        return v.current != null
                ? v.current.wiring()
                : held.isEmpty() ? null : Holds.summary(held).wiring();
    }

    private static Wiring serving(VersionEntry v) {
        return v.current == null ? null : v.current.wiring();
    }

    /** Builds all, then remembers the holds, then switches; what fails before that changes nothing. */
    private List<ChangeResult> move(ModelEntry m, Map<VersionEntry, Wiring> targets, String by)
            throws ChangeRefusedException {
        Instant since = chronicle.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        List<HeldOp> held = new ArrayList<>();
        List<Built> built = new ArrayList<>();
        for (Map.Entry<VersionEntry, Wiring> entry : targets.entrySet()) {
            checkStored(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<VersionEntry, Wiring> entry : targets.entrySet()) {
            VersionEntry v = entry.getKey();
            List<HeldOp> fixed = entry.getValue().wires().stream()
                    .map(wire -> new HeldOp(m.name, v.version, since, by, wire))
                    .toList();
            Outcome outcome = builder.build(v, VersionBuilder.wires(Holds.merge(holds.of(m.name, v.version), fixed)));
            if (!outcome.explanation().isEmpty()) {
                discard(built);
                throw new ChangeRefusedException("Model " + m.name + " version " + v.version + " cannot go back to "
                        + entry.getValue() + ": " + outcome.explanation());
            }
            held.addAll(fixed);
            built.add(new Built(v, serving(v), outcome));
        }
        try {
            holds.add(held);
        } catch (IOException e) {
            discard(built);
            throw new ChangeRefusedException(
                    "Model " + m.name + " does not go back, because that cannot be stored: " + Repository.reason(e));
        }
        List<ChangeResult> results = new ArrayList<>();
        for (Built b : built) {
            LOG.atInfo()
                    .addKeyValue("model", m.name)
                    .log("{} is held to {} by {}", b.version(), targets.get(b.version()), by);
            updater.take(b.version(), b.outcome(), () -> deployer.loader().show(m, b.version()), Cause.ROLLBACK);
            results.add(
                    new ChangeResult(m.name, b.version().version, b.before(), serving(b.version()), Explanation.NONE));
        }
        return results;
    }

    private void checkStored(VersionEntry v, Wiring target) throws ChangeRefusedException {
        for (Wire wire : target.wires()) {
            if (builder.libraries().find(wire, v.current) == null) {
                throw new ChangeRefusedException("Model " + v.model + " version " + v.version + " cannot go back to "
                        + target + ", because the library of " + wire.bundle() + "/" + wire.version()
                        + " is no longer stored. Install that version again.");
            }
        }
    }

    private static void discard(List<Built> built) {
        for (Built b : built) {
            if (b.outcome().instance() != null) {
                b.outcome().instance().retire();
            }
        }
    }

    /** Ends holds and finds the wirings anew. */
    List<ChangeResult> release(Predicate<HeldOp> which, String what) throws ChangeRefusedException {
        List<HeldOp> ended;
        try {
            ended = holds.remove(which);
        } catch (IOException e) {
            throw new ChangeRefusedException(
                    "The end of the hold cannot be stored, so it goes on: " + Repository.reason(e));
        }
        if (ended.isEmpty()) {
            throw new ChangeRefusedException(what + " is not held. opgraft:status lists what is.");
        }
        record Key(String model, long version) {}
        Set<Key> keys = new LinkedHashSet<>();
        ended.forEach(h -> keys.add(new Key(h.model(), h.version())));
        List<ChangeResult> results = new ArrayList<>();
        for (Key key : keys) {
            ModelEntry m = deployer.models().get(key.model());
            VersionEntry v = m == null || !m.askedFor ? null : m.versions.get(key.version());
            if (v == null) {
                results.add(new ChangeResult(key.model(), key.version(), null, null, Explanation.NONE));
                continue;
            }
            LOG.atInfo().addKeyValue("model", v.model).log("{} is no longer held", v);
            Wiring before = serving(v);
            deployer.loader().update(m, v, Cause.RELEASE);
            results.add(new ChangeResult(m.name, v.version, before, serving(v), v.explanation));
        }
        return results;
    }
}
