package io.opgraft.ops.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which copy was made for which bundle as it was installed, so that an unchanged bundle need not be read again. Losing
 * it costs time, nothing else; hence it is appended to without being forced to the disk. Not thread-safe.
 */
final class KnownBundles {
    private static final Logger LOG = LoggerFactory.getLogger(KnownBundles.class);
    private static final Pattern LINE = Pattern.compile("([0-9]+/[0-9]+/[0-9a-f]{64}) ([0-9a-f]{64})\\.");

    private final Path file;
    private final Map<String, String> digests = new LinkedHashMap<>();

    private KnownBundles(Path file) {
        this.file = file;
    }

    /**
     * Names a folder of a bundle. The time of the last change is new after each update.
     *
     * @param folder what is taken of it
     */
    static String key(Bundle bundle, String folder) {
        MessageDigest digest = Durable.sha256();
        String text =
                bundle.getLocation() + "\n" + bundle.getSymbolicName() + "\n" + bundle.getVersion() + "\n" + folder;
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return prefix(bundle) + "/" + Durable.hex(digest);
    }

    /** How the keys of a bundle begin. */
    static String prefix(Bundle bundle) {
        return bundle.getBundleId() + "/" + bundle.getLastModified();
    }

    static KnownBundles open(Path file) {
        KnownBundles known = new KnownBundles(file);
        int lines = 0;
        try {
            if (Files.exists(file)) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                for (String line : text.lines().toList()) {
                    lines++;
                    Matcher match = LINE.matcher(line);
                    if (match.matches()) {
                        known.digests.put(match.group(1), match.group(2));
                    }
                }
            }
            if (lines > 2 * known.digests.size() + 100) {
                known.rewrite();
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be read; bundles are read instead", file, e);
        }
        return known;
    }

    String get(String key) {
        return digests.get(key);
    }

    void put(String key, String digest) {
        if (key.isEmpty() || digest.equals(digests.put(key, digest))) {
            return;
        }
        try {
            Files.writeString(
                    file,
                    line(key, digest),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.debug("{} cannot be written; bundles are read again at the next start", file, e);
        }
    }

    /**
     * Forgets what bundles delivered that are gone or were updated.
     *
     * @param bundles prefixes of the keys of those that are there
     */
    void retain(Set<String> bundles) {
        if (digests.keySet().removeIf(key -> !bundles.contains(key.substring(0, key.lastIndexOf('/'))))) {
            try {
                rewrite();
            } catch (IOException e) {
                LOG.debug("{} cannot be written", file, e);
            }
        }
    }

    /** Digests that bundles are known to have delivered. */
    Collection<String> values() {
        return digests.values();
    }

    private void rewrite() throws IOException {
        StringBuilder text = new StringBuilder();
        digests.forEach((key, digest) -> text.append(line(key, digest)));
        Path next = Files.writeString(file.resolveSibling(".next-bundles.txt"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String line(String key, String digest) {
        return key + " " + digest + ".\n";
    }
}
