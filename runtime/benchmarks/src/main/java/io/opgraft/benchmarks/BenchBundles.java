package io.opgraft.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
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
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "bench." + name(bundle));
        main.putValue("Bundle-Version", "1.2.3");
        main.putValue(
                "Provide-Capability",
                "opgraft.op;framework=tensorflow;ops:List<String>=\""
                        + IntStream.range(0, OPS).mapToObj(op -> op(bundle, op)).collect(Collectors.joining(","))
                        + "\";library=\"" + ENTRY + "\"");
        byte[] bytes = library.clone();
        byte[] name = name(bundle).getBytes(StandardCharsets.US_ASCII);
        places.forEach(place -> System.arraycopy(name, 0, bytes, place, name.length));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            zip.putNextEntry(new JarEntry(ENTRY));
            zip.write(bytes);
            zip.closeEntry();
        }
    }
}
