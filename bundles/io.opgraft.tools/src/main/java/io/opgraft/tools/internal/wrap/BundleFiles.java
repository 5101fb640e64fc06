package io.opgraft.tools.internal.wrap;

import io.opgraft.elf.LibraryFamily;
import io.opgraft.tools.internal.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The files of a bundle, by their places in it. */
final class BundleFiles {
    private final String natives;
    private final Path root;
    private final Map<String, Path> files = new TreeMap<>();

    /**
     * Without files.
     *
     * @param natives the folder of this platform, such as {@code native/linux-x86_64/}
     * @param root the folder that the layout is kept of; null if each library has its own
     */
    BundleFiles(String natives, Path root) {
        this.natives = natives;
        this.root = root;
    }

    /** The folder of this platform. */
    static String natives() {
        String arch = System.getProperty("os.arch");
        return "native/linux-" + (arch.equals("amd64") ? "x86_64" : arch) + "/";
    }

    /** Adds a library with its helpers; its own place is the result. */
    String add(LibraryFamily family) throws FailureException, IOException {
        Path base = root == null ? family.root() : root;
        for (Path file : family.files()) {
            put(natives + base.relativize(file), file);
        }
        return natives + base.relativize(family.library());
    }

    void addData(Map<String, Path> data) throws FailureException, IOException {
        for (Map.Entry<String, Path> entry : data.entrySet()) {
            put(natives + entry.getKey(), entry.getValue());
        }
    }

    void addResource(Path file, String place) throws FailureException, IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new FailureException("The resource " + file + " is no file that can be read.");
        }
        put(place.isEmpty() ? natives + file.getFileName() : place, file);
    }

    void put(String place, Path file) throws FailureException, IOException {
        Path other = files.putIfAbsent(place, file);
        if (other != null && Files.mismatch(other, file) >= 0) {
            throw new FailureException("Two different files would be " + place + " in the bundle: " + other + " and "
                    + file + "; wrap them apart, or give one another name.");
        }
    }

    Map<String, Path> all() {
        return Collections.unmodifiableMap(files);
    }
}
