package io.opgraft.tensorrt.internal;

import io.opgraft.backend.Backend;
import io.opgraft.backend.BackendStatus;
import io.opgraft.backend.DeviceFigures;
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
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbedOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs plans in TensorRT. TensorRT itself is loaded when it is first asked for. */
@Component(
        configurationPid = "io.opgraft.tensorrt",
        property = "opgraft.backend=tensorrt",
        // Models find a backend only where op libraries are judged before they are opened.
        reference = @Reference(name = "probe", service = LibraryProbe.class, target = "(opgraft.backend=tensorrt)"))
@Designate(ocd = TensorRtConfiguration.class)
public final class TensorRtBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(TensorRtBackend.class);

    private final Settings settings;
    private final Starter starter;
    private final PluginLibraries libraries;
    private PlanLoader loader;
    private BackendStatus status;
    private volatile DeviceMonitor monitor;

    /** What brings TensorRT up; tests have their own. */
    interface Starter {
        EngineFactory start(Settings settings) throws IOException;
    }

    /**
     * Called by the component runtime.
     *
     * @param context of this bundle; the framework property {@code opgraft.data} names the data directory
     * @param configuration see there
     */
    @Activate
    public TensorRtBackend(BundleContext context, TensorRtConfiguration configuration) {
        this(Settings.of(context, configuration), TensorRt::start, new TensorRt.MappedByLoader());
    }

    TensorRtBackend(Settings settings, Starter starter, PluginLibraries.Loader mapping) {
        this.settings = settings;
        this.starter = starter;
        this.libraries = new PluginLibraries(settings.unmapRetired(), mapping);
    }

    @Override
    public String name() {
        return "tensorrt";
    }

    @Override
    public Set<String> platforms() {
        return Set.of(PlanFile.PLATFORM);
    }

    @Override
    public synchronized BackendStatus status() {
        if (status == null) {
            try {
                long start = System.nanoTime();
                EngineFactory factory = starter.start(settings);
                loader = new PlanLoader(settings, factory);
                monitor = DeviceMonitor.of(DeviceMonitor.LIBRARY, factory.devices());
                status = new BackendStatus(
                        true,
                        "TensorRT " + factory.version() + " on "
                                + factory.devices().stream()
                                        .map(Device::toString)
                                        .collect(Collectors.joining(", ")));
                Preloaded.plugins(System.getenv("LD_PRELOAD"))
                        .forEach(file -> LOG.warn(
                                "LD_PRELOAD puts {} before the libraries of all models, whose plugins of equal name it"
                                        + " replaces; leave it out and make an op bundle of it",
                                file));
                LOG.info("{} is ready after {} ms", status.detail(), (System.nanoTime() - start) / 1_000_000);
            } catch (IOException e) {
                status = new BackendStatus(false, e.getMessage());
                LOG.warn("TensorRT is not available: {}", e.getMessage());
            }
        }
        return status;
    }

    /** Frees what is kept for reuse. */
    @Deactivate
    synchronized void stop() {
        if (loader != null) {
            loader.close();
        }
    }

    @Override
    public boolean recognizes(Path versionDirectory) {
        return PlanFile.isIn(versionDirectory);
    }

    @Override
    public ModelDescription inspect(ModelSource source) throws ModelLoadException {
        return loader().inspect(source);
    }

    @Override
    public OpScope open(OpLibraryCopy copy) throws OpLoadException {
        BackendStatus now = status();
        if (!now.available()) {
            throw new OpLoadException("TensorRT is not available: " + now.detail());
        }
        List<Path> preloaded = Preloaded.plugins(System.getenv("LD_PRELOAD"));
        if (!preloaded.isEmpty()) {
            // Its symbols stand before those of every library, which would answer with its code.
            throw new OpLoadException(
                    "LD_PRELOAD puts " + preloaded.get(0) + " before the libraries of all models; start"
                            + " the server without it and make an op bundle of it");
        }
        return libraries.open(copy);
    }

    /** Plans do not say what they expect of a plugin; the plugin itself refuses what it cannot read. */
    @Override
    public List<String> mismatches(OpRequirement requirement, ProbedOp op) {
        return requirement instanceof PlanRequirement
                ? List.of()
                : List.of("the requirement is not one of this backend");
    }

    @Override
    public List<LoadedLibrary> loadedLibraries() {
        return libraries.list();
    }

    @Override
    public boolean hasLoaded(String digest) {
        return libraries.has(digest);
    }

    @Override
    public List<DeviceFigures> devices() {
        DeviceMonitor now = monitor;
        return now == null ? List.of() : now.read();
    }

    @Override
    public synchronized List<InstanceGroup> instanceGroups(ModelSource source) {
        return status().available() ? InstancePlan.settled(source, loader.devices()) : source.instanceGroups();
    }

    @Override
    public LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException {
        return loader().load(source, ops);
    }

    private synchronized PlanLoader loader() throws ModelLoadException {
        BackendStatus now = status();
        if (!now.available()) {
            throw new ModelLoadException("TensorRT is not available: " + now.detail());
        }
        return loader;
    }
}
