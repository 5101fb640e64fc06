package io.opgraft.launcher.server;

import org.osgi.framework.BundleException;

/**
 * Stops the framework when the process is told to end. The process then ends with the server's own exit code: without
 * this, a JVM that got SIGTERM would answer 143 even after a clean stop.
 */
final class ShutdownHook {
    private static final long STOP_MILLIS = 9_000;

    private volatile ServerFramework current;
    private volatile int exitCode;

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "opgraft-stop"));
    }

    void framework(ServerFramework framework) {
        current = framework;
    }

    void exitCode(int code) {
        exitCode = code;
    }

    private void run() {
        ServerFramework framework = current;
        if (framework != null) {
            stop(framework);
        }
        Runtime.getRuntime().halt(exitCode);
    }

    /** Stops a framework and waits for it, but not for ever: a native call may never return. */
    void stop(ServerFramework framework) {
        try {
            framework.stop();
            framework.await(STOP_MILLIS);
        } catch (BundleException e) {
            System.err.println("opgraft: The server does not stop: " + Causes.text(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
