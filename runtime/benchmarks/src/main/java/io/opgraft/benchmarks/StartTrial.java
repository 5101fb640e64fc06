package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * One framework in a JVM of its own, with the product's bundles or without them: the first call installs, resolves and
 * starts all bundles of a folder, a later one with the same storage starts them again. Prints one line of {@code
 * name=milliseconds}.
 */
public final class StartTrial {
    private StartTrial() {}

    /**
     * Runs it.
     *
     * @param arguments {@code first} or {@code again}, storage folder, folder of jars, distribution, names of features
     */
    public static void main(String[] arguments) throws Exception {
        Path storage = Path.of(arguments[1]);
        Path home = Path.of(arguments[3]);
        List<String> features = List.of(arguments).subList(4, arguments.length);
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[2]))) {
            jars = files.sorted().toList();
        }
        System.out.println(
                arguments[0].equals("first")
                        ? first(storage, home, features, jars)
                        : again(storage, home, features, jars));
        System.exit(0);
    }

    private static String first(Path storage, Path home, List<String> features, List<Path> jars) throws Exception {
        try (OpFramework framework = new OpFramework(storage, home, features)) {
            framework.start();
            framework.installProduct();
            long begin = System.nanoTime();
            List<Bundle> installed = framework.install(jars);
            long resolve = System.nanoTime();
            if (!framework.framework().adapt(FrameworkWiring.class).resolveBundles(installed)) {
                throw new IllegalStateException("not all bundles can be resolved");
            }
            long start = System.nanoTime();
            for (Bundle bundle : installed) {
                bundle.start();
            }
            // Started means that models could use the ops.
            framework.awaitUsable(jars.size());
            long end = System.nanoTime();
            return "install=" + millis(resolve - begin) + " resolve=" + millis(start - resolve) + " start="
                    + millis(end - start) + " all=" + millis(end - begin);
        }
    }

    private static String again(Path storage, Path home, List<String> features, List<Path> jars) throws Exception {
        long begin = System.nanoTime();
        try (OpFramework framework = new OpFramework(storage, home, features)) {
            framework.start();
            framework.awaitUsable(jars.size());
            long end = System.nanoTime();
            long active = Stream.of(framework.context().getBundles())
                    .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                    .count();
            if (active < jars.size()) {
                throw new IOException("only " + active + " bundles are active");
            }
            return "again=" + millis(end - begin);
        }
    }

    private static String millis(long nanos) {
        return Double.toString(nanos / 1e6);
    }
}
