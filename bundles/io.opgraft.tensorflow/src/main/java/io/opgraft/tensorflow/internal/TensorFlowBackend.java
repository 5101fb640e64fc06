package io.opgraft.tensorflow.internal;

import io.opgraft.backend.Backend;
import io.opgraft.backend.BackendStatus;
import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbedOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs SavedModels and GraphDefs in TensorFlow. TensorFlow itself is loaded when it is first asked for. */
@Component(
        configurationPid = "io.opgraft.tensorflow",
        property = "opgraft.backend=tensorflow",
        // Models find a backend only where op libraries are judged before they are opened.
        reference = @Reference(name = "probe", service = LibraryProbe.class, target = "(opgraft.backend=tensorflow)"))
@Designate(ocd = TensorFlowConfiguration.class)
public final class TensorFlowBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(TensorFlowBackend.class);

    private static final Set<Path> CLEAN = ConcurrentHashMap.newKeySet();

    private final Settings settings;
    private final ScopeLoader scopes = new ScopeLoader();
    private ModelLoader models;
    private BackendStatus status;

    /**
     * Called by the component runtime.
     *
     * @param context of this bundle; the framework property {@code opgraft.data} names the data directory
     * @param configuration see there
     */
    @Activate
    public TensorFlowBackend(BundleContext context, TensorFlowConfiguration configuration) {
        this(Settings.of(context, configuration));
    }

    TensorFlowBackend(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "tensorflow";
    }

    @Override
    public Set<String> platforms() {
        return Set.of(ModelFile.SAVED_MODEL, ModelFile.GRAPH_DEF);
    }

    @Override
    public synchronized BackendStatus status() {
        if (status == null) {
            try {
                long start = System.nanoTime();
                TensorFlow tensorFlow = TensorFlow.start(settings.nativeCache(), settings.scratch());
                discardLeftovers();
                models = new ModelLoader(settings, tensorFlow.coreOps());
                status = new BackendStatus(true, "TensorFlow " + tensorFlow.version());
                LOG.info("{} is ready after {} ms", status.detail(), (System.nanoTime() - start) / 1_000_000);
            } catch (IOException e) {
                status = new BackendStatus(false, e.getMessage());
                LOG.error("TensorFlow is not available: {}", e.getMessage());
            }
        }
        return status;
    }

    /** Bound copies of a server that was killed. Later instances of this class may find copies that are in use. */
    private void discardLeftovers() throws IOException {
        if (CLEAN.add(settings.bound().toAbsolutePath().normalize())) {
            BoundDirectory.delete(settings.bound());
        }
    }

    @Override
    public boolean recognizes(Path versionDirectory) {
        return ModelFile.isIn(versionDirectory);
    }

    @Override
    public ModelDescription inspect(ModelSource source) throws ModelLoadException {
        return models().inspect(source);
    }

    @Override
    public OpScope open(OpLibraryCopy copy) throws OpLoadException {
        BackendStatus now = status();
        if (!now.available()) {
            throw new OpLoadException("TensorFlow is not available: " + now.detail());
        }
        return scopes.open(copy);
    }

    @Override
    public List<String> mismatches(OpRequirement requirement, ProbedOp op) {
        return requirement instanceof Requirement expected
                ? Scope.mismatches(expected, ProbedDefinition.decode(op.definition()))
                : List.of("the requirement is not one of this backend");
    }

    @Override
    public List<LoadedLibrary> loadedLibraries() {
        return scopes.loaded();
    }

    @Override
    public boolean hasLoaded(String digest) {
        return scopes.hasLoaded(digest);
    }

    @Override
    public LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException {
        return models().load(source, ops);
    }

    private synchronized ModelLoader models() throws ModelLoadException {
        BackendStatus now = status();
        if (!now.available()) {
            throw new ModelLoadException("TensorFlow is not available: " + now.detail());
        }
        return models;
    }
}
