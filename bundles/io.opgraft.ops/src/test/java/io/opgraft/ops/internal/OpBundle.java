package io.opgraft.ops.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Writes a bundle of a manifest and files. */
final class OpBundle {
    /** The folder of this machine's libraries. */
    static final String FOLDER = "native/" + Platform.current() + "/";

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    OpBundle(String name, String version) {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        header("Bundle-ManifestVersion", "2");
        header("Bundle-SymbolicName", name);
        header("Bundle-Version", version);
    }

    OpBundle header(String name, String value) {
        manifest.getMainAttributes().putValue(name, value);
        return this;
    }

    /** The usual capability with one library for this machine. */
    OpBundle op(String name, Path library) throws IOException {
        String entry = FOLDER + library.getFileName();
        header(
                "Provide-Capability",
                "opgraft.op;framework=tensorflow;ops:List<String>=\"" + name + "\";library=\"" + entry + "\"");
        return entry(entry, Files.readAllBytes(library));
    }

    OpBundle entry(String path, byte[] content) {
        entries.put(path, content);
        return this;
    }

    Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        return file;
    }
}
