package io.opgraft.tensorflow.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TensorFlow's native libraries as files. They are unpacked once per content and user into a folder that is never
 * changed afterwards, since running servers have its files mapped.
 */
final class NativeFiles {
    static final String BUNDLE = "io.opgraft.tensorflow.linux-x86_64";

    private static final Logger LOG = LoggerFactory.getLogger(NativeFiles.class);
    private static final String ROOT = "org/tensorflow/internal/c_api/";
    private static final Object UNPACKING = new Object();

    private record Entry(long size, long crc) {}

    private final ClassLoader loader;
    private final String folder;
    private final String version;
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    private NativeFiles(ClassLoader loader, String folder, Properties list) {
        this.loader = loader;
        this.folder = folder;
        this.version = list.getProperty("version");
        for (String name : list.stringPropertyNames()) {
            if (name.startsWith(folder)) {
                String[] parts = list.getProperty(name).split(",", 2);
                entries.put(
                        name.substring(folder.length()),
                        new Entry(Long.parseLong(parts[0]), Long.parseLong(parts[1], 16)));
            }
        }
    }

    /** Finds what the natives bundle offers, or says in the exception's message why there is nothing. */
    static NativeFiles find(ClassLoader loader) throws IOException {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!os.equals("linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
            throw new IOException(
                    "TensorFlow is only available for Linux on x86-64, and this is " + os + " on " + arch);
        }
        String folder = ROOT + "linux-x86_64/";
        try (InputStream in = loader.getResourceAsStream(folder + "natives.properties")) {
            if (in == null) {
                throw new IOException("the natives bundle " + BUNDLE + " is not installed");
            }
            Properties list = new Properties();
            list.load(in);
            return new NativeFiles(loader, folder, list);
        }
    }

    String version() {
        return version;
    }

    URL shim() throws IOException {
        return resource("libopgraft_scope.so");
    }

    /** The program that loads libraries on trial. */
    URL probe() throws IOException {
        return resource("opgraft-probe");
    }

    private URL resource(String name) throws IOException {
        URL url = loader.getResource(folder + name);
        if (url == null) {
            throw new IOException("the natives bundle " + BUNDLE + " lacks " + name + "; install it again");
        }
        return url;
    }

    /** The folder of the unpacked files; unpacks if nobody has. Safe for several processes and threads at a time. */
    Path unpack(Path cache) throws IOException {
        StringBuilder id = new StringBuilder();
        entries.values().forEach(e -> id.append(String.format("%08x", e.crc())));
        Path target = cache.resolve("tensorflow-" + version + "-" + id).toAbsolutePath();
        if (isComplete(target)) {
            return target;
        }
        Files.createDirectories(cache);
        Path lockFile = cache.resolve(target.getFileName() + ".lock");
        synchronized (UNPACKING) {
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !isComplete(target)) {
                    unpackTo(target);
                }
            }
        }
        return target;
    }

    private boolean isComplete(Path target) throws IOException {
        for (var e : entries.entrySet()) {
            Path file = target.resolve(e.getKey());
            if (!Files.isRegularFile(file) || Files.size(file) != e.getValue().size()) {
                return false;
            }
        }
        return true;
    }

    private void unpackTo(Path target) throws IOException {
        long megabytes = entries.values().stream().mapToLong(Entry::size).sum() >> 20;
        LOG.info("Unpacking TensorFlow {} ({} MB) to {}, once", version, megabytes, target);
        Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
        BoundDirectory.delete(unfinished);
        Files.createDirectories(unfinished);
        for (var e : entries.entrySet()) {
            CRC32 crc = new CRC32();
            Path file = unfinished.resolve(e.getKey());
            try (InputStream in = resource(e.getKey()).openStream();
                    OutputStream out = new CheckedOutputStream(Files.newOutputStream(file), crc)) {
                byte[] block = new byte[1 << 20];
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                    out.write(block, 0, n);
                }
            }
            if (crc.getValue() != e.getValue().crc()) {
                throw new IOException("the natives bundle " + BUNDLE + " is damaged: " + e.getKey()
                        + " has a wrong checksum; install it again");
            }
        }
        BoundDirectory.delete(target);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
