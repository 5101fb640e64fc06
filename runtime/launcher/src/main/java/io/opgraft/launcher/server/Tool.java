package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import io.opgraft.launcher.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A command that a bundle provides: a service {@code ToIntFunction<String[]>} with the property {@code opgraft.command}. It
 * runs in a framework of its own, whose data directory goes when it ends.
 */
public final class Tool {
    private static final String FEATURE = "tools";
    private static final List<String> FEATURES = List.of("tensorflow", "tensorrt", FEATURE);
    private static final String PROPERTY = "opgraft.command";
    private static final String LOG_SETTINGS = "logback.configurationFile";
    private static final long START_MILLIS = 30_000;
    private static final long STOP_MILLIS = 9_000;

    private final Home home;
    private final String command;

    /**
     * Names the command.
     *
     * @param home the distribution
     * @param command its name
     */
    public Tool(Home home, String command) {
        this.home = home;
        this.command = command;
    }

    /**
     * Runs the command, which prints to stdout and stderr.
     *
     * @param arguments handed to the command
     * @return the command's exit code
     * @throws CommandFailedException if it cannot be started
     */
    public int run(List<String> arguments) throws CommandFailedException, IOException, InterruptedException {
        if (System.getProperty(LOG_SETTINGS) == null) {
            System.setProperty(
                    LOG_SETTINGS, home.conf().resolve("logback-tools.xml").toString());
        }
        Features features = Features.read(home, FEATURES, false);
        if (!features.names().contains(FEATURE)) {
            throw new CommandFailedException("This distribution has no feature " + FEATURE + ", which the command "
                    + command + " is part of; unpack a whole distribution.");
        }
        Path folder = Files.createTempDirectory("opgraft-" + command);
        Thread interrupted = new Thread(() -> deleteQuietly(folder), "opgraft-clean");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            return run(features, folder, arguments);
        } finally {
            deleteQuietly(folder);
        }
    }

    private int run(Features features, Path folder, List<String> arguments)
            throws CommandFailedException, IOException, InterruptedException {
        try (DataDirectory data = DataDirectory.open(folder)) {
            Files.createDirectories(data.temporary());
            Path deploy = Files.createDirectories(folder.resolve("deploy"));
            ServerFramework framework = new ServerFramework(data, features, deploy);
            try {
                ServiceTracker<?, ?>[] tracker = new ServiceTracker<?, ?>[1];
                framework.start(context -> tracker[0] = track(context));
                return service(tracker[0]).applyAsInt(arguments.toArray(String[]::new));
            } catch (BundleException | RuntimeException e) {
                throw new CommandFailedException("The command " + command + " cannot run: " + Causes.text(e), e);
            } finally {
                stop(framework);
            }
        }
    }

    private ServiceTracker<?, ?> track(BundleContext context) {
        String filter = "(&(" + Constants.OBJECTCLASS + "=" + ToIntFunction.class.getName() + ")(" + PROPERTY + "="
                + command + "))";
        try {
            ServiceTracker<Object, Object> tracker =
                    new ServiceTracker<>(context, FrameworkUtil.createFilter(filter), null);
            tracker.open();
            return tracker;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    // The property stands for the parameter type.
    @SuppressWarnings("unchecked")
    private ToIntFunction<String[]> service(ServiceTracker<?, ?> tracker)
            throws CommandFailedException, InterruptedException {
        Object service = tracker.waitForService(START_MILLIS);
        if (service == null) {
            throw new CommandFailedException("The command " + command
                    + " did not become ready; -Dlogback.configurationFile="
                    + home.conf().resolve("logback.xml")
                    + " in OPGRAFT_JAVA_OPTS shows why.");
        }
        return (ToIntFunction<String[]>) service;
    }

    private static void stop(ServerFramework framework) throws InterruptedException {
        try {
            framework.stop();
            framework.await(STOP_MILLIS);
        } catch (BundleException e) {
            System.err.println("opgraft: The framework does not stop: " + Causes.text(e));
        }
    }

    /** What is left over is in the folder for temporary files and does no harm. */
    private static void deleteQuietly(Path folder) {
        try {
            InstalledBundles.delete(folder);
        } catch (IOException e) {
            System.err.println("opgraft: " + folder + " cannot be deleted: " + Causes.text(e));
        }
    }
}
