package io.opgraft.ops;

import io.opgraft.op.OpNamespace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * Writes op bundles: a manifest with {@code opgraft.op} capabilities, and files. Equal calls give equal bytes, whatever
 * the time, the time zone or the order of the files. Not safe for use by many threads.
 */
public final class OpBundleWriter {
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,69}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.-]+");
    // Not the first day of 1980, which Java stores with the time zone.
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> capabilities = new ArrayList<>();
    private final Map<String, Path> files = new TreeMap<>();

    /**
     * Begins a bundle.
     *
     * @param name its symbolic name
     * @param version its version, also that of its ops
     * @throws IllegalArgumentException if the name is no symbolic name
     */
    public OpBundleWriter(String name, Version version) {
        if (!SYMBOLIC_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    name + " is no Bundle-SymbolicName; use letters, digits, '_', '-' and single dots between them");
        }
        headers.put(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.put(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.put(Constants.BUNDLE_VERSION, version.toString());
    }

    /**
     * Sets a manifest header, such as {@code Bundle-License}. White space and line ends in the value become single
     * spaces.
     *
     * @param name its name; headers that this class writes cannot be set
     * @param value its value
     * @return this
     * @throws IllegalArgumentException if the name is no header's name or is this class's own
     */
    public OpBundleWriter header(String name, String value) {
        boolean own = List.of(
                        Constants.BUNDLE_MANIFESTVERSION,
                        Constants.BUNDLE_SYMBOLICNAME,
                        Constants.BUNDLE_VERSION,
                        Constants.PROVIDE_CAPABILITY,
                        Attributes.Name.MANIFEST_VERSION.toString())
                .stream()
                .anyMatch(name::equalsIgnoreCase);
        if (own || !HEADER.matcher(name).matches()) {
            throw new IllegalArgumentException("the manifest header " + name + " cannot be set");
        }
        headers.put(name, value.replaceAll("[\\s\\p{Cntrl}]+", " ").strip());
        return this;
    }

    /**
     * Adds a file.
     *
     * @param path its place in the bundle, such as {@code native/linux-x86_64/libmyop.so}
     * @param content an ordinary file, read by {@link #write}
     * @return this
     * @throws IllegalArgumentException if the path is no clean relative path, or is taken
     */
    public OpBundleWriter file(String path, Path content) {
        boolean clean = path.chars().allMatch(c -> c >= ' ' && c != '\\' && c != 0x7f)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (!clean || path.equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
            throw new IllegalArgumentException(path + " is no path for a file of a bundle");
        }
        if (files.putIfAbsent(path, content) != null) {
            throw new IllegalArgumentException("the bundle has two files " + path);
        }
        return this;
    }

    /**
     * Adds a capability {@code opgraft.op}.
     *
     * @param framework framework of the ops
     * @param ops their names; none leaves it to the trial load to find them
     * @param library place of the library in the bundle
     * @param attributes further attributes of type String
     * @return this
     * @throws IllegalArgumentException if an attribute's name is none or is one of the parameters above, or if a value
     *     has a quotation mark, a backslash or a control character in it
     */
    public OpBundleWriter capability(
            String framework, List<String> ops, String library, Map<String, String> attributes) {
        StringBuilder clause = new StringBuilder(OpNamespace.NAMESPACE);
        attribute(clause, OpNamespace.FRAMEWORK, framework);
        if (!ops.isEmpty()) {
            if (ops.stream().anyMatch(op -> op.isEmpty() || op.contains(","))) {
                throw new IllegalArgumentException("these names of ops cannot be written: " + ops);
            }
            attribute(clause, OpNamespace.OPS + ":List<String>", String.join(",", ops));
        }
        attribute(clause, OpNamespace.LIBRARY, library);
        for (Map.Entry<String, String> entry : new TreeMap<>(attributes).entrySet()) {
            boolean own = List.of(OpNamespace.FRAMEWORK, OpNamespace.OPS, OpNamespace.LIBRARY, OpNamespace.VERSION)
                    .contains(entry.getKey());
            if (own || !TOKEN.matcher(entry.getKey()).matches()) {
                throw new IllegalArgumentException("the attribute " + entry.getKey() + " cannot be set");
            }
            attribute(clause, entry.getKey(), entry.getValue());
        }
        capabilities.add(clause.toString());
        return this;
    }

    private static void attribute(StringBuilder clause, String name, String value) {
        // Frameworks differ in how they read escapes.
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("the value of the attribute " + name + " cannot be written: " + value);
        }
        clause.append(';').append(name).append("=\"").append(value).append('"');
    }

    /**
     * Writes the bundle to a temporary file beside its place and puts it there in one step. A file that is there is
     * replaced.
     *
     * @param jar where the bundle goes, in a folder that is there
     * @throws IOException if a file cannot be read or the bundle cannot be written; nothing is left behind then
     */
    public void write(Path jar) throws IOException {
        Path place = jar.toAbsolutePath();
        Path work = Files.createTempFile(place.getParent(), "." + place.getFileName(), ".part");
        try {
            try (FileChannel channel = FileChannel.open(work, StandardOpenOption.WRITE)) {
                ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
                write(zip);
                zip.finish();
                channel.force(true);
            }
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(work, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(work);
        }
    }

    private void write(ZipOutputStream zip) throws IOException {
        begin(zip, JarFile.MANIFEST_NAME);
        manifest().write(zip);
        zip.closeEntry();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            begin(zip, file.getKey());
            Files.copy(file.getValue(), (OutputStream) zip);
            zip.closeEntry();
        }
    }

    private static void begin(ZipOutputStream zip, String path) throws IOException {
        ZipEntry entry = new ZipEntry(path);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
    }

    private Manifest manifest() {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(main::putValue);
        if (!capabilities.isEmpty()) {
            main.putValue(Constants.PROVIDE_CAPABILITY, String.join(",", capabilities));
        }
        return manifest;
    }
}
