import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Steps of this module's build that no plugin does: compile the op-scope library and the probe, list TensorFlow's natives, and put
 * both into one jar without compressing 650 MB again. Run by Maven as a single-file program.
 */
public final class BuildNatives {
    private static final String NATIVES = "org/tensorflow/internal/c_api/linux-x86_64/";

    private BuildNatives() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "compile" -> compile(Path.of(args[1]), Path.of(args[2]));
            case "describe" -> describe(Path.of(args[1]), args[2], Path.of(args[3]));
            case "merge" -> merge(Path.of(args[1]), Path.of(args[2]), Instant.parse(args[3]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void compile(Path sources, Path library) throws Exception {
        Path headers = Path.of(System.getProperty("java.home"), "include");
        List<String> shared = new ArrayList<>(List.of("-fPIC", "-fvisibility=hidden", "-shared"));
        shared.addAll(List.of("-I" + headers, "-I" + headers.resolve("linux")));
        // Never unloaded: TensorFlow and op libraries stay bound to it for the life of the process.
        shared.add("-Wl,-z,nodelete");
        compile("the op-scope library", sources, shared, library);
        Path program = library.resolveSibling("opgraft-probe");
        compile("the probe", sources.resolve("probe"), List.of("-fPIE", "-pie"), program);
    }

    /** Compiles the C files of one folder. */
    private static void compile(String what, Path sources, List<String> options, Path target) throws Exception {
        String compiler = System.getenv().getOrDefault("CC", "gcc");
        List<String> command = new ArrayList<>(List.of(compiler, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2"));
        command.add("-g0");
        command.addAll(options);
        command.addAll(List.of("-Wl,-z,now", "-Wl,-z,relro", "-Wl,--no-undefined"));
        command.addAll(List.of("-Wl,--build-id=none", "-o", target.toString()));
        try (var files = Files.list(sources)) {
            files.map(Path::toString).filter(f -> f.endsWith(".c")).sorted().forEach(command::add);
        }
        command.addAll(List.of("-Wl,--as-needed", "-ldl", "-lpthread"));
        Files.createDirectories(target.getParent());
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                fail(compiler + " could not compile " + what + "; its messages are above.");
            }
        } catch (IOException e) {
            fail("There is no C compiler '" + compiler + "': install GCC (package gcc, and libc6-dev on Debian and"
                    + " Ubuntu), or name another compiler in the environment variable CC.");
        }
    }

    /** Writes which files TensorFlow's natives are, so that the server can tell without reading them. */
    private static void describe(Path jar, String version, Path target) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (name.startsWith(NATIVES) && name.contains(".so")) {
                    lines.put(name, entry.getSize() + "," + Long.toHexString(entry.getCrc()));
                }
            }
        }
        if (lines.size() != 3) {
            fail(jar + " was expected to hold three libraries under " + NATIVES + ", but holds " + lines.keySet());
        }
        StringBuilder text = new StringBuilder("version=" + version + "\n");
        lines.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        Files.createDirectories(target.getParent());
        Files.writeString(target, text, StandardCharsets.ISO_8859_1);
    }

    /**
     * Replaces a small bundle by a copy of TensorFlow's jar with the bundle's entries; others are copied compressed.
     * Nothing to do if the build found the bundle unchanged since it was merged.
     */
    private static void merge(Path bundle, Path natives, Instant time) throws IOException {
        try (ZipFile zip = new ZipFile(bundle.toFile())) {
            if (zip.getEntry(NATIVES + "libtensorflow_cc.so.2") != null) {
                return;
            }
        }
        Path merged = bundle.resolveSibling(bundle.getFileName() + ".merged");
        Files.copy(natives, merged, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem target = FileSystems.newFileSystem(URI.create("jar:" + merged.toUri()), Map.of());
                ZipFile source = new ZipFile(bundle.toFile())) {
            for (Enumeration<? extends ZipEntry> e = source.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                Path to = target.getPath("/" + entry.getName());
                // No new folders: the file system would give them the present time.
                if (entry.isDirectory() || !Files.isDirectory(to.getParent())) {
                    continue;
                }
                Files.copy(source.getInputStream(entry), to, StandardCopyOption.REPLACE_EXISTING);
                FileTime stamp = FileTime.from(time);
                Files.getFileAttributeView(to, BasicFileAttributeView.class).setTimes(stamp, stamp, stamp);
            }
        }
        Files.move(merged, bundle, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void fail(String message) {
        System.err.println("[ERROR] " + message);
        System.exit(1);
    }
}
