package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.ChangeResult;
import io.opgraft.models.Impact;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.Retained;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringChange;
import io.opgraft.models.internal.history.History;
import io.opgraft.models.internal.history.Holds;
import io.opgraft.models.internal.impact.Hypothesis;
import io.opgraft.models.internal.repository.ModelNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/** Hands what operators ask for to the deployer. */
final class OperatorChanges implements ModelChanges {
    private final ModelsImpl models;
    private final OpServices ops;
    private final History history;
    private final Holds holds;
    private final Rollbacks rollbacks;
    private final Impacts impacts;
    private final RetainedLibraries retained;

    OperatorChanges(
            ModelsImpl models,
            OpServices ops,
            History history,
            Holds holds,
            Rollbacks rollbacks,
            Impacts impacts,
            RetainedLibraries retained) {
        this.models = models;
        this.ops = ops;
        this.history = history;
        this.holds = holds;
        this.rollbacks = rollbacks;
        this.impacts = impacts;
        this.retained = retained;
    }

    @Override
    public List<WiringChange> history(String model) throws UnknownModelException {
        List<WiringChange> entries = ModelNames.isModel(model) ? history.of(model) : List.of();
        if (entries.isEmpty()) {
            models.get(model);
        }
        return entries;
    }

    @Override
    public List<ChangeResult> rollback(String model) throws UnknownModelException, ChangeRefusedException {
        Object answer = onDeployer(() -> {
            try {
                return rollbacks.model(model);
            } catch (UnknownModelException e) {
                return e;
            }
        });
        if (answer instanceof UnknownModelException e) {
            throw e;
        }
        return results(answer);
    }

    @Override
    public List<ChangeResult> rollbackBundle(String bundle) throws ChangeRefusedException {
        return results(onDeployer(() -> rollbacks.bundle(bundle)));
    }

    @Override
    public List<ChangeResult> release(String model) throws ChangeRefusedException {
        return results(onDeployer(() -> rollbacks.release(h -> h.model().equals(model), "Model " + model)));
    }

    @Override
    public List<ChangeResult> releaseBundle(String bundle) throws ChangeRefusedException {
        return results(onDeployer(() -> rollbacks.release(
                h -> h.wire().bundle().equals(bundle) || h.by().equals(Rollbacks.byBundle(bundle)),
                "Bundle " + bundle)));
    }

    @Override
    public Set<String> held() {
        Set<String> names = new TreeSet<>();
        holds.all().forEach(h -> names.add(h.model()));
        return names;
    }

    @Override
    public Impact impact(Change change, String bundle, Optional<Path> file) throws ChangeRefusedException {
        // The trial load of a file takes its time, which the deployer should not lose.
        Hypothesis hypothesis = Hypothesis.of(ops.index(), ops.inspector(), change, bundle, file);
        return (Impact) onDeployer(() -> impacts.of(hypothesis));
    }

    @Override
    public Retained retained() {
        return retained.now();
    }

    /** Results of one kind only come from the tasks above. */
    @SuppressWarnings("unchecked")
    private static List<ChangeResult> results(Object answer) {
        return (List<ChangeResult>) answer;
    }

    private Object onDeployer(Callable<Object> task) throws ChangeRefusedException {
        Object answer;
        try {
            answer = models.onDeployer(() -> {
                try {
                    return task.call();
                } catch (ChangeRefusedException e) {
                    return e;
                }
            });
        } catch (RejectedExecutionException e) {
            throw new ChangeRefusedException("The server is stopping");
        }
        if (answer instanceof ChangeRefusedException e) {
            throw e;
        }
        return answer;
    }
}
