package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import io.opgraft.launcher.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code opgraft serve}: one server, from start to stop, in this process. */
public final class Server {
    private static final String LOG_SETTINGS = "logback.configurationFile";

    private final Home home;
    private final ServerOptions options;
    private final PrintWriter out;
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final ShutdownHook hook = new ShutdownHook();

    /**
     * Makes a server that is not started.
     *
     * @param home the distribution
     * @param options what it is to do
     * @param out where the ready line goes
     */
    public Server(Home home, ServerOptions options, PrintWriter out) {
        this.home = home;
        this.options = options;
        this.out = out;
    }

    /**
     * Starts the server and returns when it has stopped.
     *
     * @return the exit code
     * @throws CommandFailedException if it cannot start
     */
    public int run() throws CommandFailedException, InterruptedException, IOException {
        if (System.getProperty(LOG_SETTINGS) == null) {
            System.setProperty(
                    LOG_SETTINGS, home.conf().resolve(options.logSettings()).toString());
        }
        Preflight.checkRepositories(options.repositories());
        try (DataDirectory data = DataDirectory.open(options.data())) {
            Preflight.checkDeploy(options.deploy());
            Files.createDirectories(data.temporary());
            Features features = Features.read(home, options.features(), options.featuresNamed());
            if (options.configuration() != null) {
                features = features.with(
                        ConfigurationFile.read(options.configuration(), KnownSettings.of(features.bundles())));
            }
            boolean http = features.names().contains("http");
            if (http) {
                Preflight.checkPort(options.address(), options.port());
            }
            hook.install();
            int code = 1;
            try {
                ServerFramework framework = start(data, features);
                if (!http && failure.get() == null) {
                    ready("Server ready without HTTP (feature http is not installed)");
                }
                while (framework.await(0) == FrameworkEvent.STOPPED_UPDATE) {
                    framework = start(data, features);
                }
                if (failure.get() != null) {
                    throw new CommandFailedException(failure.get());
                }
                code = 0;
                return code;
            } finally {
                hook.exitCode(code);
            }
        }
    }

    /** A second try with an empty cache, because the first one may have failed for a damaged one. */
    private ServerFramework start(DataDirectory data, Features features) throws CommandFailedException, IOException {
        boolean fresh = !Files.exists(data.framework());
        try {
            return tryStart(data, features);
        } catch (BundleException | IOException | RuntimeException e) {
            if (fresh) {
                throw new CommandFailedException("The server cannot start: " + Causes.text(e), e);
            }
            log().warn(
                            "The framework's cache {} seems damaged and is built anew: {}",
                            data.framework(),
                            Causes.text(e));
        }
        setAside(data.framework());
        try {
            return tryStart(data, features);
        } catch (BundleException | IOException | RuntimeException e) {
            throw new CommandFailedException("The server cannot start: " + Causes.text(e), e);
        }
    }

    private ServerFramework tryStart(DataDirectory data, Features features) throws BundleException, IOException {
        ServerFramework framework = new ServerFramework(data, features, options.deploy());
        hook.framework(framework);
        Configurations configurations = new Configurations(Configurations.merge(features.configurations(), options));
        try {
            framework.start(context -> {
                LogLevels.offer(context);
                configurations.applyWith(context);
                watch(context, framework);
            });
            return framework;
        } catch (BundleException | IOException | RuntimeException e) {
            hook.stop(framework);
            throw e;
        }
    }

    private void watch(BundleContext context, ServerFramework framework) {
        Readiness.watch(
                context, uri -> ready("HTTP ready on " + uri), uri -> ready("Metrics ready on " + uri), reason -> {
                    failure.compareAndSet(null, reason);
                    try {
                        framework.stop();
                    } catch (BundleException e) {
                        log().error("The server does not stop: {}", Causes.text(e));
                    }
                });
    }

    private void ready(String line) {
        out.println(line);
        out.flush();
    }

    private static void setAside(Path cache) throws IOException {
        Path old = cache.resolveSibling(cache.getFileName() + ".damaged");
        InstalledBundles.delete(old);
        Files.move(cache, old);
    }

    // Not a constant: the settings must be known before the first logger is made.
    private static Logger log() {
        return LoggerFactory.getLogger(Server.class);
    }
}
