package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** Felix with the bundles of some of the product's features, or with none, as the launcher would start it. */
final class OpFramework implements AutoCloseable {
    private static final int START_LEVEL = 30;
    private static final long PATIENCE_MINUTES = 60;

    private final FeatureBundles distribution;
    private final List<String> features;
    private final Framework framework;

    /** Makes it, not started, with all that it stores below a folder. */
    OpFramework(Path storage, Path home, List<String> features) throws IOException {
        this(storage, home, features, "");
    }

    /** The same with a package of this program that bundles may import. */
    OpFramework(Path storage, Path home, List<String> features, String shared) throws IOException {
        this.distribution = new FeatureBundles(home);
        this.features = features;
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString());
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(START_LEVEL));
        properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        properties.put("opgraft.data", storage.toString());
        properties.put("felix.log.level", "1");
        properties.put("felix.fileinstall.dir", storage.resolve("deploy").toString());
        if (!features.isEmpty()) {
            properties.put(
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    distribution.systemPackages("base") + (shared.isEmpty() ? "" : "," + shared));
        }
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(properties);
    }

    Framework framework() {
        return framework;
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Starts it with all that it stored, the product as its launcher does: with one resolution for all. */
    void start() throws BundleException {
        framework.init();
        if (!features.isEmpty()) {
            framework
                    .adapt(FrameworkWiring.class)
                    .resolveBundles(Arrays.stream(context().getBundles())
                            .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                            .filter(bundle ->
                                    bundle.adapt(BundleStartLevel.class).isPersistentlyStarted())
                            .toList());
        }
        framework.start();
    }

    /** Installs and starts the product's bundles. */
    void installProduct() throws Exception {
        installProduct(null, Map.of());
    }

    /** The same with a configuration that is there before the components that need it. */
    void installProduct(String pid, Map<String, Object> configuration) throws Exception {
        List<Bundle> product = new ArrayList<>();
        for (String feature : features) {
            for (FeatureBundles.Entry entry : distribution.of(feature)) {
                Bundle bundle =
                        context().installBundle("reference:" + entry.jar().toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
                product.add(bundle);
            }
        }
        boolean configured = pid == null;
        for (Bundle bundle : product) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
            configured = configured || configure(pid, configuration);
        }
    }

    /** Stores a configuration if there is somebody to keep it. */
    private boolean configure(String pid, Map<String, Object> values) throws Exception {
        ServiceReference<?> found = context().getServiceReference("org.osgi.service.cm.ConfigurationAdmin");
        if (found == null) {
            return false;
        }
        // By reflection: the API's classes are those of the bundle.
        Object admin = context().getService(found);
        ClassLoader loader = admin.getClass().getClassLoader();
        Object configuration = Class.forName("org.osgi.service.cm.ConfigurationAdmin", false, loader)
                .getMethod("getConfiguration", String.class, String.class)
                .invoke(admin, pid, "?");
        Class.forName("org.osgi.service.cm.Configuration", false, loader)
                .getMethod("update", Dictionary.class)
                .invoke(configuration, FrameworkUtil.asDictionary(values));
        return true;
    }

    /** Installs op bundles, not started. */
    List<Bundle> install(List<Path> jars) throws BundleException {
        List<Bundle> installed = new ArrayList<>();
        for (Path jar : jars) {
            Bundle bundle = context().installBundle(jar.toUri().toString());
            bundle.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
            installed.add(bundle);
        }
        return installed;
    }

    /** With the product: waits until models could use every op library. */
    void awaitUsable(int count) throws Exception {
        if (features.isEmpty()) {
            return;
        }
        Object index = index();
        // By reflection: the API's classes are those of the bundle.
        ((CompletionStage<?>) api(index).getMethod("settled").invoke(index))
                .toCompletableFuture()
                .get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        List<?> providers = (List<?>) api(index).getMethod("providers").invoke(index);
        long active = providers.stream()
                .filter(provider -> provider.toString().contains("state=ACTIVE"))
                .count();
        if (active != count) {
            throw new IllegalStateException(active + " of " + count + " op libraries can be used; the first is "
                    + providers.stream().findFirst().orElse(null));
        }
    }

    /** The op index, whose classes are those of its bundle. */
    Object index() throws InvalidSyntaxException {
        ServiceReference<?>[] found = context().getAllServiceReferences("io.opgraft.ops.OpIndex", null);
        if (found == null) {
            throw new IllegalStateException("there is no op index");
        }
        return context().getService(found[0]);
    }

    /** The interface of the op index. */
    static Class<?> api(Object index) throws ClassNotFoundException {
        return Class.forName("io.opgraft.ops.OpIndex", false, index.getClass().getClassLoader());
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(TimeUnit.MINUTES.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
