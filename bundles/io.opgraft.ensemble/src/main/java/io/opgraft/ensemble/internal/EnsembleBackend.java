package io.opgraft.ensemble.internal;

import io.opgraft.backend.Backend;
import io.opgraft.backend.BackendStatus;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Signature;
import io.opgraft.probe.ProbedOp;
import io.opgraft.serving.Serving;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves models that consist of steps, each of which is another model. */
@Component(property = "opgraft.backend=ensemble")
public final class EnsembleBackend implements Backend {
    private static final String NAME = "ensemble";

    private final ComponentServiceObjects<Serving> servings;
    private final MemoryPool memory = new MemoryPool(MemoryPool.DEFAULT_KEPT);

    private Serving serving;

    /**
     * Called by the component runtime.
     *
     * @param servings of what runs the steps; asked when the first ensemble is loaded, since serving itself waits for the
     *     models, which look for backends first
     */
    @Activate
    public EnsembleBackend(@Reference ComponentServiceObjects<Serving> servings) {
        this.servings = servings;
    }

    private synchronized Serving serving() {
        if (serving == null) {
            serving = servings.getService();
        }
        return serving;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> platforms() {
        return Set.of(NAME);
    }

    @Override
    public BackendStatus status() {
        return new BackendStatus(true, "");
    }

    @Override
    public boolean recognizes(Path versionDirectory) {
        return false;
    }

    @Override
    public ModelDescription inspect(ModelSource source) throws ModelLoadException {
        Plan.of(source);
        return new ModelDescription(NAME, new Signature(source.inputs(), source.outputs()), List.of());
    }

    @Override
    public OpScope open(OpLibraryCopy copy) throws OpLoadException {
        throw new OpLoadException("ensembles have no ops of their own");
    }

    @Override
    public List<String> mismatches(OpRequirement requirement, ProbedOp op) {
        return List.of();
    }

    @Override
    public List<LoadedLibrary> loadedLibraries() {
        return List.of();
    }

    /** Its models have instances of their own. */
    @Override
    public List<InstanceGroup> instanceGroups(ModelSource source) {
        return List.of();
    }

    @Override
    public LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException {
        return new EnsembleModel(source.name(), Plan.of(source), serving(), memory);
    }
}
