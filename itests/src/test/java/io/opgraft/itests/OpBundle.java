package io.opgraft.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes op bundles: a manifest and native files, as an op author's build would. */
final class OpBundle {
    private static final String FOLDER = "native/linux-x86_64/";

    private final String name;
    private final String version;
    private final Map<String, Path> files = new LinkedHashMap<>();
    private String capability = "";

    private OpBundle(String name, String version) {
        this.name = name;
        this.version = version;
    }

    /** A bundle with one op library. */
    static OpBundle of(String name, String version, Path library, String... ops) {
        return new OpBundle(name, version).library(library, ops);
    }

    /** A bundle with one plugin library for TensorRT and all that lies beside it. */
    static OpBundle forTensorRt(String name, String version, Path library, String... plugins) throws IOException {
        OpBundle bundle = new OpBundle(name, version).library("tensorrt", library, plugins);
        Opgraft.list(library.getParent()).stream()
                .filter(file -> !file.equals(library))
                .forEach(bundle::helper);
        return bundle;
    }

    /** Adds another op library beside the first. */
    OpBundle library(Path library, String... ops) {
        return library("tensorflow", library, ops);
    }

    private OpBundle library(String framework, Path library, String... ops) {
        String entry = FOLDER + library.getFileName();
        files.put(entry, library);
        capability += (capability.isEmpty() ? "" : ",") + "opgraft.op;framework=" + framework + ";ops:List<String>=\""
                + String.join(",", ops) + "\";library=\"" + entry + "\"";
        return this;
    }

    /** Adds a file beside the library. */
    OpBundle helper(Path helper) {
        files.put(FOLDER + helper.getFileName(), helper);
        return this;
    }

    /** Writes the jar in one step, over what has that name. */
    Path writeTo(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Provide-Capability", capability);
        Path part = Files.createTempFile(jar.toAbsolutePath().getParent().getParent(), "bundle", ".part");
        try (OutputStream out = Files.newOutputStream(part);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                zip.putNextEntry(new JarEntry(file.getKey()));
                Files.copy(file.getValue(), zip);
                zip.closeEntry();
            }
        }
        return Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    }
}
