package io.opgraft.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The folder of the unpacked distribution.
 *
 * @param directory absolute path
 */
public record Home(Path directory) {
    private static final String PROPERTY = "opgraft.home";

    /**
     * Finds the distribution that this code belongs to: the system property {@code opgraft.home}, else the parent of the
     * folder that the launcher's jar lies in.
     *
     * @return the distribution
     */
    public static Home find() {
        String property = System.getProperty(PROPERTY);
        if (property != null) {
            return new Home(Path.of(property).toAbsolutePath().normalize());
        }
        try {
            Path jar = Path.of(Home.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Home(jar.toAbsolutePath().getParent().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Set -D" + PROPERTY + " to the folder of the distribution.", e);
        }
    }

    /**
     * Feature files.
     *
     * @return the folder
     */
    public Path features() {
        return directory.resolve("features");
    }

    /**
     * Bundles in Maven's layout.
     *
     * @return the folder
     */
    public Path repository() {
        return directory.resolve("repository");
    }

    /**
     * Settings that users may edit.
     *
     * @return the folder
     */
    public Path conf() {
        return directory.resolve("conf");
    }

    /**
     * The product's version.
     *
     * @return as in the launcher's manifest; {@code unknown} if the code does not run from its jar
     */
    public static String version() {
        String version = Home.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
