package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.stream.Stream;

/** The native parts of this bundle, which a fragment for the platform brings. */
final class Natives {
    static final String BUNDLE = "io.opgraft.tensorrt.linux-x86_64";
    static final String SHIM = "libopgraft_tensorrt.so";
    static final String PROBE = "opgraft-tensorrt-probe";
    static final String DRIVER_STUB = "stub/libcuda.so.1";
    static final String JAVACPP = "libjnijavacpp.so";
    static final String NVINFER = "libjninvinfer.so";

    private static final String ROOT = "io/opgraft/tensorrt/linux-x86_64/";

    private Natives() {}

    /** Says in the exception's message why there are none, if there are none. */
    static URL find(String name) throws IOException {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!os.equals("linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
            throw new IOException("TensorRT is only available for Linux on x86-64, and this is " + os + " on " + arch);
        }
        URL found = Natives.class.getClassLoader().getResource(ROOT + name);
        if (found == null) {
            throw new IOException("the bundle " + BUNDLE + " is missing; install it beside io.opgraft.tensorrt");
        }
        return found;
    }

    /** Writes one of them into a folder, under its own name. */
    static Path unpack(String name, Path folder) throws IOException {
        Path target = folder.resolve(name);
        Files.createDirectories(target.getParent());
        try (InputStream in = find(name).openStream()) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return target;
    }

    /** Deletes a folder with all that is in it; one that does not exist is no error. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
