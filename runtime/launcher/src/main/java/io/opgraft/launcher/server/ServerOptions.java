package io.opgraft.launcher.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a server was asked to do. Paths are absolute.
 *
 * @param repositories model repositories, in order
 * @param deploy hot-deploy folder
 * @param data where the server keeps its state
 * @param address HTTP address
 * @param port HTTP port, 0 for a free one
 * @param metricsPort port of the metrics, at the HTTP address; 0 for a free one, -1 for none
 * @param controlMode who decides which models are loaded
 * @param load models to load at start, {@code *} for all
 * @param features names of the features besides {@code base}
 * @param featuresNamed whether the user named them; features of the default that a distribution lacks are left out
 * @param id server name
 * @param maxRetainedLibraries op libraries that may stay loaded without being in use; 0 for no limit
 * @param maxRetainedMegabytes MiB that those may take; 0 for no limit
 * @param http further properties of the HTTP server
 * @param configuration file with further settings by PID; null if there is none
 * @param logSettings file with the settings of the log, in the folder of the distribution's settings
 * @param tensorRtHome folder of an installed TensorRT; null if it is not given
 * @param allowPlanCode whether TensorRT plans that carry host code are loaded
 */
public record ServerOptions(
        List<Path> repositories,
        Path deploy,
        Path data,
        String address,
        int port,
        int metricsPort,
        ControlMode controlMode,
        List<String> load,
        List<String> features,
        boolean featuresNamed,
        String id,
        int maxRetainedLibraries,
        long maxRetainedMegabytes,
        Map<String, Object> http,
        Path configuration,
        String logSettings,
        Path tensorRtHome,
        boolean allowPlanCode) {
    /** What a server installs if nobody says otherwise. */
    public static final List<String> DEFAULT_FEATURES = List.of("base", "http", "metrics", "shell", "tensorflow");

    /** Takes copies. */
    public ServerOptions {
        repositories = List.copyOf(repositories);
        load = List.copyOf(load);
        features = List.copyOf(features);
        http = Map.copyOf(http);
    }
}
