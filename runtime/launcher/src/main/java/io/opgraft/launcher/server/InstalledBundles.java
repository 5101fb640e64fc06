package io.opgraft.launcher.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the framework's persisted bundles in step with the features. Only bundles of a distribution are touched; those
 * that came through the deploy folder or the shell stay.
 *
 * <p>A list of what was installed lies beside the framework's cache. Bundles that are no longer wanted, or whose file
 * changed or went away, are forgotten before the framework reads its cache, which could not cope with a missing file.
 */
final class InstalledBundles {
    private static final Logger LOG = LoggerFactory.getLogger(InstalledBundles.class);
    private static final String LIST = "distribution.bundles";

    private final Path cache;
    private final List<FeatureBundle> wanted;

    InstalledBundles(Path cache, List<FeatureBundle> wanted) {
        this.cache = cache;
        this.wanted = wanted;
    }

    /** One line of the list. */
    private record Entry(long id, String stamp, String location) {
        @Override
        public String toString() {
            return id + " " + stamp + " " + location;
        }

        /** Null if the line is damaged. */
        static Entry parse(String line) {
            String[] parts = line.split(" ", 3);
            try {
                return parts.length == 3 ? new Entry(Long.parseLong(parts[0]), parts[1], parts[2]) : null;
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    /** Before the framework is initialised: removes what must not come back. */
    void forgetOutdated() throws IOException {
        Set<String> current = new HashSet<>();
        for (FeatureBundle bundle : wanted) {
            current.add(stamp(bundle.jar()) + " " + bundle.location());
        }
        for (Entry entry : read()) {
            if (!current.contains(entry.stamp() + " " + entry.location())) {
                delete(cache.resolve("bundle" + entry.id()));
            }
        }
    }

    /**
     * After the framework is initialised: installs what is missing and sets start levels.
     *
     * @return the distribution's bundles, in the order of the features
     */
    List<Bundle> install(BundleContext context) throws BundleException, IOException {
        List<Bundle> bundles = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (FeatureBundle bundle : wanted) {
            Bundle installed = context.installBundle(bundle.location());
            installed.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
            bundles.add(installed);
            lines.add(new Entry(installed.getBundleId(), stamp(bundle.jar()), bundle.location()).toString());
        }
        Path next = cache.resolve(LIST + ".next");
        Files.write(next, lines, StandardCharsets.UTF_8);
        Files.move(next, cache.resolve(LIST), StandardCopyOption.ATOMIC_MOVE);
        return bundles;
    }

    private List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        try {
            Path list = cache.resolve(LIST);
            if (Files.exists(list)) {
                for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
                    Entry entry = Entry.parse(line);
                    if (entry != null) {
                        entries.add(entry);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("The list of installed bundles is damaged and is written anew: {}", Causes.text(e));
        }
        return entries;
    }

    private static String stamp(Path jar) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
        return attributes.size() + "-" + attributes.lastModifiedTime().toMillis();
    }

    /** Deletes a folder with all that is in it, without following links. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
