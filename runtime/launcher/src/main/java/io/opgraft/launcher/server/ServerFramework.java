package io.opgraft.launcher.server;

import io.opgraft.launcher.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.hooks.bundle.FindHook;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** One OSGi framework with the distribution's bundles in it. */
final class ServerFramework {
    /** Where the framework stays, and where op bundles start: when all of the distribution is there to judge them. */
    static final int START_LEVEL = 30;

    private static final String PACKAGES = Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA;
    // The launcher hands configurations over, so it must see the same API as the bundles.
    private static final String CM_PACKAGE = "org.osgi.service.cm;version=1.6.1";

    private final Framework framework;
    private final InstalledBundles installed;
    private final StoredBundles stored;
    private final Path deploy;
    private final Map<Long, String> failures = new ConcurrentHashMap<>();

    /** A framework that is not started; op bundles come from the folder {@code deploy}. */
    ServerFramework(DataDirectory data, Features features, Path deploy) {
        Map<String, Object> properties = properties(data, features, deploy);
        // Felix takes a logger object in its configuration, which the standard factory's type does not allow for.
        this.framework = new org.apache.felix.framework.Felix(properties);
        this.installed = new InstalledBundles(data.framework(), features.bundles());
        this.deploy = deploy;
        this.stored = new StoredBundles(
                data.framework(), deploy, data.path().resolve("state").resolve("uninstalling"));
    }

    private static Map<String, Object> properties(DataDirectory data, Features features, Path deploy) {
        Map<String, Object> all = new HashMap<>(features.frameworkProperties());
        for (String key : Set.copyOf(all.keySet())) {
            all.computeIfPresent(key, (k, value) -> System.getProperty(k, value.toString()));
        }
        all.merge(PACKAGES, CM_PACKAGE, (old, more) -> old + "," + more);
        all.put(Constants.FRAMEWORK_STORAGE, data.framework().toString());
        all.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(START_LEVEL));
        // For bundles that bring none, as those that the shell installs.
        all.put("felix.startlevel.bundle", Integer.toString(START_LEVEL));
        // Models bring op bundles along that may be deployed for all models too, in the same version.
        all.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        all.put("felix.log.logger", new FelixLog());
        all.put("opgraft.data", data.path().toString());
        all.put("opgraft.version", Home.version());
        all.put("felix.fileinstall.dir", deploy.toString());
        all.put("felix.fileinstall.tmpdir", data.temporary().toString());
        all.put("felix.fileinstall.filter", ".*\\.jar");
        all.put("felix.fileinstall.subdir.mode", "skip");
        all.put("felix.fileinstall.poll", "500");
        all.put("felix.fileinstall.noInitialDelay", "true");
        all.put("felix.fileinstall.start.level", Integer.toString(START_LEVEL));
        all.put("felix.fileinstall.enableConfigSave", "false");
        return all;
    }

    /**
     * Brings the persisted bundles in step with the features and starts everything.
     *
     * @param prepare called with the system bundle's context before any bundle starts
     * @throws BundleException if the framework or one of the distribution's bundles does not start
     */
    void start(Consumer<BundleContext> prepare) throws BundleException, IOException {
        installed.forgetOutdated();
        stored.check();
        framework.init();
        BundleContext context = framework.getBundleContext();
        context.addBundleListener(stored);
        context.addFrameworkListener(event -> {
            if (event.getType() == FrameworkEvent.ERROR && event.getThrowable() != null) {
                failures.putIfAbsent(event.getBundle().getBundleId(), Causes.text(event.getThrowable()));
            }
        });
        context.registerService(FindHook.class, new ModelBundles(), null);
        List<Bundle> bundles = installed.install(context);
        for (Bundle bundle : bundles) {
            if (!isFragment(bundle)) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
        resolveStarted(context);
        prepare.accept(context);
        context.addBundleListener(new DeployedBundles(context, deploy));
        framework.start();
        checkStarted(bundles);
    }

    /** All at once: one by one, as they start, each would make the resolver look at all that is resolved already. */
    private void resolveStarted(BundleContext context) {
        List<Bundle> started = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .filter(bundle -> bundle.adapt(BundleStartLevel.class).isPersistentlyStarted())
                .toList();
        framework.adapt(FrameworkWiring.class).resolveBundles(started);
    }

    private void checkStarted(List<Bundle> bundles) throws BundleException {
        List<String> problems = bundles.stream()
                .filter(bundle -> !isFragment(bundle))
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion() + ": "
                        + Objects.requireNonNullElse(failures.get(bundle.getBundleId()), "unknown reason"))
                .toList();
        if (!problems.isEmpty()) {
            // The others are mostly consequences; the log has them all.
            throw new BundleException(
                    problems.get(0) + (problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)"));
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /**
     * Waits until the framework has stopped.
     *
     * @param millis longest time, 0 for no limit
     * @return the framework event's type
     */
    int await(long millis) throws InterruptedException {
        return framework.waitForStop(millis).getType();
    }

    /** Begins to stop; does nothing if it has stopped. */
    void stop() throws BundleException {
        framework.stop();
    }
}
