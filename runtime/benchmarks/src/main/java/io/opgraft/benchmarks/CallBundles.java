package io.opgraft.benchmarks;

import io.opgraft.benchmarks.call.CallSide;
import io.opgraft.benchmarks.inside.Calls;
import io.opgraft.benchmarks.raw.RawCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Packs classes of the benchmarks as bundles, so that they run inside the framework. */
final class CallBundles {
    /** The package that the framework exports to both. */
    static final String SHARED = CallSide.class.getPackageName();

    private CallBundles() {}

    /** The bundle that calls models through the product's services. */
    static Path inside(Path folder) throws IOException {
        return write(
                folder.resolve("inside.jar"),
                Calls.class,
                Map.of(
                        "Bundle-Activator",
                        Calls.class.getName(),
                        "Import-Package",
                        String.join(
                                ",",
                                "org.osgi.framework",
                                "io.opgraft.backend",
                                "io.opgraft.models",
                                "io.opgraft.serving",
                                SHARED)));
    }

    /** The fragment that calls TensorFlow itself. */
    static Path raw(Path folder) throws IOException {
        return write(
                folder.resolve("raw.jar"),
                RawCalls.class,
                Map.of("Fragment-Host", "io.opgraft.tensorflow", "Import-Package", SHARED));
    }

    /** A bundle with the whole package of a class. */
    private static Path write(Path jar, Class<?> type, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", type.getPackageName());
        headers.forEach(main::putValue);
        String folder = type.getPackageName().replace('.', '/');
        Path classes = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .resolve(folder);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.list(classes)) {
            for (Path file : files.sorted().toList()) {
                zip.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return jar;
    }
}
