package io.opgraft.launcher.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the framework's copies of bundles. The framework takes what it finds in its cache, and forgets a bundle of which
 * it finds a part; so before it looks, what a killed server left half done is undone, and a bundle whose copy was damaged
 * is left out.
 *
 * <p>While the framework runs, the SHA-256 of each new copy is written beside it, and the record of each bundle is kept a
 * second time, since the framework writes it in place.
 */
final class StoredBundles implements SynchronousBundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(StoredBundles.class);
    private static final String BUNDLE = "bundle";
    private static final String RECORD = "bundle.info";
    private static final String KEPT = "bundle.info.kept";
    private static final String REVISION = "version";
    // The framework writes it last, when a revision is whole.
    private static final String WHOLE = "revision.location";
    private static final String JAR = "bundle.jar";
    private static final String DIGEST = "bundle.sha256";
    private static final String STARTED = "bundle.started";
    private static final String ACTIVE = Integer.toString(Bundle.ACTIVE);
    private static final int RECORD_LINES = 6;
    private static final int TAIL = 4;

    private final Path cache;
    private final Path deploy;
    private final Path uninstalling;

    /**
     * Guards a cache.
     *
     * @param cache the framework's folder
     * @param deploy the deploy folder
     * @param uninstalling where the shell notes the locations of bundles that it is uninstalling
     */
    StoredBundles(Path cache, Path deploy, Path uninstalling) {
        this.cache = cache;
        this.deploy = deploy;
        this.uninstalling = uninstalling;
    }

    /** Before the framework is initialised: brings every bundle to a state that it once had, or leaves it out. */
    void check() throws IOException {
        if (!Files.isDirectory(cache)) {
            return;
        }
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(cache, BUNDLE + "[1-9]*")) {
            found.forEach(folders::add);
        }
        List<String> unwanted =
                Files.exists(uninstalling) ? Files.readAllLines(uninstalling, StandardCharsets.UTF_8) : List.of();
        for (Path folder : folders) {
            String problem = problem(folder);
            if (!problem.isEmpty()) {
                LOG.warn("{}", problem);
                InstalledBundles.delete(folder);
            } else if (unwanted.contains(location(folder))) {
                LOG.info("The uninstallation of {} was cut off and is ended", location(folder));
                InstalledBundles.delete(folder);
            } else if (isDeployedHalf(folder)) {
                // FileInstall installs it again from the file, and only then starts it.
                LOG.info("{} was installed from the deploy folder, but not started any more; it begins again", folder);
                InstalledBundles.delete(folder);
            } else {
                askForUpdate(folder);
            }
        }
        Files.deleteIfExists(uninstalling);
    }

    /**
     * FileInstall notes that it has taken a changed file before it updates the bundle, so after a kill between the two it
     * would never look at the file again. It takes a file of which it has no note.
     */
    private void askForUpdate(Path folder) throws IOException {
        Path revision = newest(folder);
        Path source = source(folder);
        if (source == null || revision == null || !Files.exists(revision.resolve(JAR)) || !Files.exists(source)) {
            return;
        }
        String note = String.valueOf(folder.getFileName()).substring(BUNDLE.length()) + ".checksum";
        try (DirectoryStream<Path> installers = Files.newDirectoryStream(cache, BUNDLE + "[1-9]*")) {
            for (Path installer : installers) {
                Path file = installer.resolve("data").resolve(note);
                if (Files.exists(file)
                        && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(revision.resolve(WHOLE)))
                                >= 0
                        && Files.mismatch(source, revision.resolve(JAR)) >= 0) {
                    LOG.info("An update from {} was cut off and is begun again", source);
                    Files.delete(file);
                }
            }
        }
    }

    /** Whether the server was killed between installing and starting what it found in the deploy folder. */
    private boolean isDeployedHalf(Path folder) throws IOException {
        Path source = source(folder);
        return source != null
                && deploy.equals(source.getParent())
                && Files.exists(source)
                && !Files.exists(folder.resolve(STARTED))
                && !Files.readAllLines(folder.resolve(RECORD), StandardCharsets.UTF_8)
                        .get(2)
                        .equals(ACTIVE);
    }

    /** The file that a bundle came from; null if it came from elsewhere. */
    private static Path source(Path folder) throws IOException {
        try {
            String location = location(folder);
            return location.startsWith("file:") ? Path.of(URI.create(location)) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Repairs what can be repaired; why the bundle cannot come back, or an empty text. */
    private static String problem(Path folder) throws IOException {
        String id = String.valueOf(folder.getFileName()).substring(BUNDLE.length());
        if (!isRecord(folder.resolve(RECORD), id)) {
            if (!isRecord(folder.resolve(KEPT), id)) {
                return "Bundle " + id + " is left out: its record " + folder.resolve(RECORD)
                        + " is damaged; install it again";
            }
            LOG.info("The record of bundle {} was damaged and is taken from its second copy", id);
            replace(folder.resolve(RECORD), Files.readAllBytes(folder.resolve(KEPT)));
        }
        Path revision = newest(folder);
        while (revision != null && !isWhole(revision)) {
            LOG.info("Bundle {}: an installation or update was cut off and is undone", id);
            InstalledBundles.delete(revision);
            revision = newest(folder);
        }
        if (revision == null) {
            return "Bundle " + id + " is left out: its installation was cut off; install it again";
        }
        Path jar = revision.resolve(JAR);
        Path digest = revision.resolve(DIGEST);
        if (Files.exists(jar)
                && Files.exists(digest)
                && !Files.readString(digest).equals(sha256(jar))) {
            return "Bundle " + id + " is left out: its copy " + jar
                    + " is damaged, as its digest shows; install it again from " + location(folder);
        }
        return "";
    }

    private static String location(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(RECORD), StandardCharsets.UTF_8)
                .get(1);
    }

    private static boolean isRecord(Path file, String id) {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.size() != RECORD_LINES || !lines.get(0).equals(id)) {
                return false;
            }
            lines.subList(RECORD_LINES - TAIL, RECORD_LINES).forEach(Long::parseLong);
            return true;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    /** The revision with the highest number, which the framework would take; null if there is none. */
    private static Path newest(Path folder) throws IOException {
        Path newest = null;
        try (DirectoryStream<Path> revisions = Files.newDirectoryStream(folder, REVISION + "*")) {
            for (Path revision : revisions) {
                if (newest == null || number(revision) > number(newest)) {
                    newest = revision;
                }
            }
        }
        return newest;
    }

    private static long number(Path revision) {
        String name = revision.toString();
        try {
            return Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Whether all of it was written. Without a digest, which comes last of all, the jar must be readable in full. */
    private static boolean isWhole(Path revision) throws IOException {
        Path location = revision.resolve(WHOLE);
        Path jar = revision.resolve(JAR);
        if (!Files.isRegularFile(location) || Files.size(location) == 0) {
            return false;
        }
        return !Files.exists(jar) || Files.exists(revision.resolve(DIGEST)) || isReadable(jar);
    }

    private static boolean isReadable(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Path folder = cache.resolve(BUNDLE + event.getBundle().getBundleId());
        try {
            switch (event.getType()) {
                case BundleEvent.INSTALLED, BundleEvent.UPDATED -> {
                    keepDigest(newest(folder));
                    keepRecord(folder);
                }
                case BundleEvent.STARTED -> {
                    keepRecord(folder);
                    if (Files.isDirectory(folder) && !Files.exists(folder.resolve(STARTED))) {
                        Files.createFile(folder.resolve(STARTED));
                    }
                }
                case BundleEvent.STOPPED -> keepRecord(folder);
                default -> {
                    // changes nothing that is stored
                }
            }
        } catch (IOException e) {
            LOG.warn("The digest of {} cannot be stored: {}", event.getBundle(), Causes.text(e));
        }
    }

    private static void keepDigest(Path revision) throws IOException {
        if (revision != null && Files.exists(revision.resolve(JAR))) {
            byte[] digest = sha256(revision.resolve(JAR)).getBytes(StandardCharsets.US_ASCII);
            replace(revision.resolve(DIGEST), digest);
        }
    }

    private static void keepRecord(Path folder) throws IOException {
        if (Files.exists(folder.resolve(RECORD))) {
            replace(folder.resolve(KEPT), Files.readAllBytes(folder.resolve(RECORD)));
        }
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
