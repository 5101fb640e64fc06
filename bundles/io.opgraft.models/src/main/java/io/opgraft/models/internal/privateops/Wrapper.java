package io.opgraft.models.internal.privateops;

import io.opgraft.op.OpNamespace;
import io.opgraft.ops.OpBundleWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.osgi.framework.Version;

/** Makes op bundles of plain libraries. Equal libraries of equal names give one bundle. Used by one thread. */
final class Wrapper {
    private static final Pattern SHARED_LIBRARY = Pattern.compile(".+\\.so(\\.[0-9]+)*");

    private final Path folder;

    /** Makes a wrapper that keeps its bundles in a folder. */
    Wrapper(Path folder) {
        this.folder = folder;
    }

    /**
     * Wraps a library with the shared libraries beside it, which may be its helpers.
     *
     * @param framework framework that loads it
     * @param file how the model names it, its path below the model's folder
     * @param library the file
     * @return the bundle
     */
    Path wrap(String framework, String file, Path library) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        files.put(name(library), library);
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(library.resolveSibling("."))) {
            for (Path sibling : siblings) {
                // A link may lead to anywhere, and a helper that is one is rare.
                boolean plain = Files.isRegularFile(sibling) && !Files.isSymbolicLink(sibling);
                if (plain && SHARED_LIBRARY.matcher(name(sibling)).matches()) {
                    files.put(name(sibling), sibling);
                }
            }
        }
        String digest = digest(framework, file, files);
        Path jar = folder.resolve(digest + ".jar");
        if (!Files.exists(jar)) {
            Files.createDirectories(folder);
            String place = OpNamespace.NATIVE_FOLDER + platform() + "/";
            OpBundleWriter writer =
                    new OpBundleWriter(symbolicName(file), new Version(0, 0, 0, digest.substring(0, 12)));
            files.forEach((name, content) -> writer.file(place + name, content));
            writer.capability(framework, List.of(), place + name(library), Map.of());
            writer.write(jar);
        }
        return jar;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String digest(String framework, String file, Map<String, Path> files) throws IOException {
        MessageDigest digest = Digests.sha256();
        digest.update((framework + "\n" + file + "\n").getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            digest.update(
                    (entry.getKey() + "\n" + Files.size(entry.getValue()) + "\n").getBytes(StandardCharsets.UTF_8));
            Digests.read(entry.getValue(), digest, OutputStream.nullOutputStream());
        }
        return Digests.hex(digest);
    }

    /** The path as a symbolic name: {@code ops.libmine.so}. */
    static String symbolicName(String file) {
        String name = file.replace('/', '.').replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("\\.+", ".");
        return name.replaceAll("^\\.|\\.$", "");
    }

    private static String platform() {
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    /** Deletes the bundles that were not wrapped for one of these libraries, and what a killed server left behind. */
    void keep(Set<Path> jars) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!jars.contains(entry) && Files.isRegularFile(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }
}
