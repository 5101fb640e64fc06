package io.opgraft.launcher.server;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the features' configurations and the options of the command line to ConfigurationAdmin at the moment it appears,
 * which is before any of our bundles starts. Our PIDs belong to the command line: those of an earlier start that are no
 * longer wanted are deleted.
 */
final class Configurations {
    private static final Logger LOG = LoggerFactory.getLogger(Configurations.class);
    static final String OURS = "io.opgraft.";

    private final Map<String, Map<String, Object>> wanted;

    Configurations(Map<String, Map<String, Object>> wanted) {
        this.wanted = wanted;
    }

    /** What the command line says, on top of the features' own configurations. */
    static Map<String, Map<String, Object>> merge(Map<String, Map<String, Object>> features, ServerOptions options) {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        features.forEach((pid, values) -> all.put(pid, new LinkedHashMap<>(values)));
        put(
                all,
                "io.opgraft.models",
                Map.of(
                        "repositories",
                        options.repositories().stream().map(Object::toString).toArray(String[]::new),
                        "controlMode",
                        options.controlMode().text(),
                        "load",
                        options.load().toArray(String[]::new)));
        if (options.maxRetainedLibraries() > 0) {
            put(all, "io.opgraft.models", Map.of("maxRetainedLibraries", options.maxRetainedLibraries()));
        }
        if (options.maxRetainedMegabytes() > 0) {
            put(all, "io.opgraft.models", Map.of("maxRetainedMegabytes", options.maxRetainedMegabytes()));
        }
        put(
                all,
                "io.opgraft.http",
                Map.of("address", options.address(), "port", options.port(), "serverName", options.id()));
        put(all, "io.opgraft.http", options.http());
        if (options.metricsPort() >= 0) {
            put(all, "io.opgraft.metrics", Map.of("address", options.address(), "port", options.metricsPort()));
        } else {
            // Without a configuration there are no metrics.
            all.remove("io.opgraft.metrics");
        }
        if (options.tensorRtHome() != null) {
            put(
                    all,
                    "io.opgraft.tensorrt",
                    Map.of("home", options.tensorRtHome().toString()));
        }
        if (options.allowPlanCode()) {
            put(all, "io.opgraft.tensorrt", Map.of("allowPlanCode", true));
        }
        put(
                all,
                "io.opgraft.shell",
                Map.of("socket", options.data().resolve("shell.sock").toString()));
        return all;
    }

    private static void put(Map<String, Map<String, Object>> all, String pid, Map<String, Object> values) {
        all.computeIfAbsent(pid, key -> new LinkedHashMap<>()).putAll(values);
    }

    /** Applies them as soon as ConfigurationAdmin is there; the tracker goes with the framework. */
    void applyWith(BundleContext context) {
        new ServiceTracker<ConfigurationAdmin, ConfigurationAdmin>(context, ConfigurationAdmin.class, null) {
            @Override
            public ConfigurationAdmin addingService(ServiceReference<ConfigurationAdmin> reference) {
                ConfigurationAdmin admin = super.addingService(reference);
                try {
                    apply(admin);
                } catch (IOException | InvalidSyntaxException e) {
                    LOG.error("The configuration cannot be stored: {}", Causes.text(e));
                }
                return admin;
            }
        }.open();
    }

    void apply(ConfigurationAdmin admin) throws IOException, InvalidSyntaxException {
        Configuration[] stored = admin.listConfigurations("(service.pid=" + OURS + "*)");
        for (Configuration configuration : stored == null ? new Configuration[0] : stored) {
            if (!wanted.containsKey(configuration.getPid())) {
                configuration.delete();
            }
        }
        for (Map.Entry<String, Map<String, Object>> entry : wanted.entrySet()) {
            // "?" lets any bundle read it: the PID alone says whose it is.
            admin.getConfiguration(entry.getKey(), "?").updateIfDifferent(dictionary(entry.getValue()));
        }
    }

    // ConfigurationAdmin's API asks for a Dictionary.
    @SuppressWarnings("JdkObsolete")
    private static Dictionary<String, Object> dictionary(Map<String, Object> values) {
        return new Hashtable<>(values);
    }
}
