package io.opgraft.benchmarks;

import io.opgraft.benchmarks.swapped.Swapped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Op bundles with ten ops each; every one has a library, and so a digest, and op names of its own. */
final class BenchBundles {
    /** Ops of each bundle. */
    static final int OPS = 10;

    private static final String ENTRY = "native/linux-x86_64/libbench.so";
    private static final String NAME = "Bench00000";

    private final byte[] library;
    private final List<Integer> places = new ArrayList<>();

    /**
     * Reads the library that the build compiled.
     *
     * @param library {@code libbench.so}
     */
    BenchBundles(Path library) throws IOException {
        this.library = Files.readAllBytes(library);
        byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + name.length <= this.library.length; i++) {
            if (java.util.Arrays.equals(this.library, i, i + name.length, name, 0, name.length)) {
                places.add(i);
            }
        }
        if (places.size() != OPS) {
            throw new IOException(library + " has " + places.size() + " op names, expected " + OPS);
        }
    }

    private static String name(int bundle) {
        return String.format("Bench%05d", bundle);
    }

    /** The name of an op. */
    static String op(int bundle, int op) {
        return name(bundle) + "Op" + op;
    }

    /** Writes bundles 0 to count - 1 into a folder; the jars in order. */
    List<Path> write(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        List<Path> jars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path jar = folder.resolve(name(i) + ".jar");
            writeOne(jar, i);
            jars.add(jar);
        }
        return jars;
    }

    private void writeOne(Path jar, int bundle) throws IOException {
        byte[] bytes = library.clone();
        byte[] name = name(bundle).getBytes(StandardCharsets.US_ASCII);
        places.forEach(place -> System.arraycopy(name, 0, bytes, place, name.length));
        write(jar, manifest(bundle, "1.2.3"), bytes, List.of());
    }

    /**
     * Writes a version {@code 1.0.N} of bundle 0: the same ops, a library with a digest of its own, and a class, so that it has
     * a class loader.
     */
    void writeVersion(Path jar, int version) throws IOException {
        Manifest manifest = manifest(0, "1.0." + version);
        manifest.getMainAttributes().putValue("Bundle-Activator", Swapped.class.getName());
        manifest.getMainAttributes().putValue("Import-Package", "org.osgi.framework");
        // What lies behind the end of a library belongs to its digest only.
        byte[] bytes = ByteBuffer.allocate(library.length + Integer.BYTES)
                .put(library)
                .putInt(version)
                .array();
        write(jar, manifest, bytes, List.of(Swapped.class));
    }

    private static Manifest manifest(int bundle, String version) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "bench." + name(bundle));
        main.putValue("Bundle-Version", version);
        main.putValue(
                "Provide-Capability",
                "opgraft.op;framework=tensorflow;ops:List<String>=\""
                        + IntStream.range(0, OPS).mapToObj(op -> op(bundle, op)).collect(Collectors.joining(","))
                        + "\";library=\"" + ENTRY + "\"");
        return manifest;
    }

    private static void write(Path jar, Manifest manifest, byte[] library, List<Class<?>> classes) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            zip.putNextEntry(new JarEntry(ENTRY));
            zip.write(library);
            zip.closeEntry();
            for (Class<?> type : classes) {
                String path = type.getName().replace('.', '/') + ".class";
                zip.putNextEntry(new JarEntry(path));
                try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
                    in.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
    }
}
