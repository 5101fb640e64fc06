package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Lease;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.WiringListener;
import io.opgraft.models.internal.privateops.FrameworkBundles;
import io.opgraft.models.internal.privateops.PrivateOps;
import io.opgraft.models.internal.repository.Repository;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpIndexListener;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Brings the models into the framework: configuration, backends, op index, start level. */
@Component(
        service = Models.class,
        immediate = true,
        configurationPid = ModelsConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ModelsConfig.class)
public final class ModelsComponent implements Models {
    private static final long MIB = 1 << 20;

    private final ModelsImpl models;
    private final BundleContext context;
    private final ModelsConfig config;
    private final StartLevelGate gate;
    private final FrameworkStop frameworkStop;
    private ServiceRegistration<OpIndexListener> listener;
    private ServiceRegistration<ModelChanges> changes;

    /**
     * Makes the component; nothing is loaded yet.
     *
     * @param context of this bundle
     * @param config its configuration
     * @param index the op libraries
     * @param store their copies
     * @param inspector judges files that are not installed
     */
    @Activate
    public ModelsComponent(
            BundleContext context,
            ModelsConfig config,
            @Reference OpIndex index,
            @Reference OpStore store,
            @Reference OpInspector inspector) {
        this.context = context;
        this.config = config;
        Settings settings = new Settings(
                ControlMode.of(config.controlMode()),
                List.of(config.load()),
                Math.max(config.pollMillis(), 1),
                stateDirectory(context),
                config.allowFileOverrides(),
                new Limits(
                        Math.max(config.warmupMillis(), 1),
                        config.maxRetainedLibraries(),
                        Math.multiplyExact(config.maxRetainedMegabytes(), MIB)));
        this.models = new ModelsImpl(
                settings,
                new Repository(
                        Arrays.stream(config.repositories()).map(Path::of).toList()),
                new OpServices(
                        index,
                        store,
                        inspector,
                        new PrivateOps(new FrameworkBundles(context, config.startLevel()), wrappedDirectory(context))),
                id -> {
                    Bundle bundle = context.getBundle(id);
                    return bundle != null && bundle.getState() == Bundle.ACTIVE;
                },
                config.opGraceMillis(),
                new WorkerThread("opgraft-deployer"),
                new WorkerThread("opgraft-closer"));
        this.gate = new StartLevelGate(
                context, config.startLevel(), () -> index.settled().thenRun(models::start));
        this.frameworkStop = new FrameworkStop(context, () -> models.stop(config.drainMillis()));
    }

    private static Path wrappedDirectory(BundleContext context) {
        String data = context.getProperty("opgraft.data");
        return data == null ? context.getDataFile("wrapped").toPath() : Path.of(data, "wrapped");
    }

    private static Path stateDirectory(BundleContext context) {
        String data = context.getProperty("opgraft.data");
        return data == null ? context.getDataFile("state").toPath() : Path.of(data, "state");
    }

    /**
     * A backend came.
     *
     * @param backend the backend
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addBackend(Backend backend) {
        models.backendAdded(backend);
    }

    /**
     * A backend goes; returns when its models are out of use.
     *
     * @param backend the backend
     */
    public void removeBackend(Backend backend) {
        models.backendRemoved(backend, config.drainMillis());
    }

    /**
     * Somebody wants to be told of wirings.
     *
     * @param wiringListener who
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addWiringListener(WiringListener wiringListener) {
        models.wiringListeners().add(wiringListener);
    }

    /**
     * Somebody does not want to be told any more.
     *
     * @param wiringListener who
     */
    public void removeWiringListener(WiringListener wiringListener) {
        models.wiringListeners().remove(wiringListener);
    }

    /** Begins to work. The listener is registered by hand, because the op index needs it and this needs the op index. */
    @Activate
    public void start() {
        listener = context.registerService(OpIndexListener.class, models, null);
        changes = context.registerService(ModelChanges.class, models.changes(), null);
        frameworkStop.open();
        gate.open();
    }

    /** Stops working. */
    @Deactivate
    public void stop() {
        changes.unregister();
        listener.unregister();
        gate.close();
        frameworkStop.close();
        models.stop(config.drainMillis());
    }

    @Override
    public List<ModelStatus> list() {
        return models.list();
    }

    @Override
    public ModelStatus get(String model) throws UnknownModelException {
        return models.get(model);
    }

    @Override
    public Lease acquire(String model, OptionalLong version) throws UnknownModelException, ModelNotReadyException {
        return models.acquire(model, version);
    }

    @Override
    public void load(String model) throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        models.load(model);
    }

    @Override
    public void load(String model, LoadOverride override)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        models.load(model, override);
    }

    @Override
    public void unload(String model, boolean dependents) throws UnknownModelException, ControlRefusedException {
        models.unload(model, dependents);
    }

    @Override
    public void unload(String model) throws UnknownModelException, ControlRefusedException {
        models.unload(model);
    }

    @Override
    public boolean ready() {
        return models.ready();
    }

    @Override
    public CompletionStage<Void> started() {
        return models.started();
    }
}
