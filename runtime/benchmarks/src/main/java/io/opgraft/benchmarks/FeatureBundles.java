package io.opgraft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bundles of a distribution's feature, as far as the benchmarks need to know its file. */
final class FeatureBundles {
    private static final Pattern BUNDLE =
            Pattern.compile("\"id\":\\s*\"([^:\"]+):([^:\"]+):([^:\"]+)\",\\s*\"bundleStartLevel\":\\s*(\\d+)");
    private static final Pattern PACKAGES =
            Pattern.compile("\"org\\.osgi\\.framework\\.system\\.packages\\.extra\":\\s*\"([^\"]+)\"");

    private final Path home;

    /** A distribution. */
    FeatureBundles(Path home) {
        this.home = home;
    }

    /**
     * A bundle of a feature.
     *
     * @param jar its file
     * @param startLevel its start level
     */
    record Entry(Path jar, int startLevel) {}

    List<Entry> of(String feature) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Matcher matcher = BUNDLE.matcher(text(feature));
        while (matcher.find()) {
            String artifact = matcher.group(2);
            String version = matcher.group(3);
            Path jar = home.resolve("repository")
                    .resolve(matcher.group(1).replace('.', '/'))
                    .resolve(artifact)
                    .resolve(version)
                    .resolve(artifact + "-" + version + ".jar");
            entries.add(new Entry(jar, Integer.parseInt(matcher.group(4))));
        }
        return entries;
    }

    /** Packages that the system bundle exports for it. */
    String systemPackages(String feature) throws IOException {
        Matcher matcher = PACKAGES.matcher(text(feature));
        return matcher.find() ? matcher.group(1) : "";
    }

    private String text(String feature) throws IOException {
        return Files.readString(home.resolve("features").resolve(feature + ".json"));
    }
}
