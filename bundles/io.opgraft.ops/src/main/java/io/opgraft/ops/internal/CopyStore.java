package io.opgraft.ops.internal;

import io.opgraft.op.OpFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private copies of op libraries, {@code <digest>/r<repair version>/} each with a record of its files.
 *
 * <p>A copy appears under its name only when it is whole and on the disk, and is never written to again: the loader
 * would not notice a changed file, or die of it.
 */
final class CopyStore {
    private static final Logger LOG = LoggerFactory.getLogger(CopyStore.class);
    private static final String TEMPORARY = ".tmp-";

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path root;
    private final Lint lint;
    private final Set<Path> taken = new HashSet<>();

    private CopyStore(Path root, Lint lint) {
        this.root = root;
        this.lint = lint;
    }

    /** Opens the folder, makes it if need be, and removes what a crash left half done. */
    static CopyStore open(Path folder, Lint lint) throws IOException {
        Path root = Files.createDirectories(folder.toAbsolutePath().normalize());
        try (DirectoryStream<Path> left = Files.newDirectoryStream(root, TEMPORARY + "*")) {
            for (Path path : left) {
                Durable.delete(path);
            }
        }
        return new CopyStore(root, lint);
    }

    Path root() {
        return root;
    }

    /**
     * Gives the copy of a library with its helpers, made now or earlier.
     *
     * @throws RefusedException if it must not be loaded
     * @throws IOException if it cannot be read or copied
     */
    synchronized StoredCopy take(OpFile library, List<OpFile> helpers) throws RefusedException, IOException {
        Map<String, OpFile> files = files(library, helpers);
        Map<String, String> digests = new TreeMap<>();
        for (Map.Entry<String, OpFile> file : files.entrySet()) {
            digests.put(file.getKey(), Durable.digest(file.getValue().open()));
        }
        String digest = digest(library.path(), digests);
        Path place = root.resolve(digest).resolve("r" + Lint.REPAIR_VERSION);
        taken.add(place);
        if (Files.exists(place)) {
            StoredCopy copy = CopyRecord.verify(place, digest);
            if (copy != null) {
                return copy;
            }
            LOG.warn("The copy {} is not what was stored; it is made again", place);
        }
        return build(library.path(), files, digests, digest, place);
    }

    /** Removes the copies that nobody took since this store was opened. */
    synchronized void prune() {
        try (DirectoryStream<Path> digests = Files.newDirectoryStream(root)) {
            for (Path digest : digests) {
                if (DIGEST.matcher(String.valueOf(digest.getFileName())).matches()) {
                    prune(digest);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Copies that are not used any more cannot be removed from {}: {}", root, e.toString());
        }
    }

    private void prune(Path digest) throws IOException {
        boolean used = false;
        try (DirectoryStream<Path> places = Files.newDirectoryStream(digest)) {
            for (Path place : places) {
                if (taken.contains(place)) {
                    used = true;
                } else {
                    Durable.delete(place);
                }
            }
        }
        if (!used) {
            Durable.delete(digest);
        }
    }

    private static Map<String, OpFile> files(OpFile library, List<OpFile> helpers) throws RefusedException {
        Map<String, OpFile> files = new TreeMap<>();
        files.put(library.path(), library);
        for (OpFile helper : helpers) {
            if (files.put(helper.path(), helper) != null) {
                throw new RefusedException("two of its files are called " + helper.path() + "; give each its own path");
            }
        }
        for (String path : files.keySet()) {
            if (!SafePaths.isSafe(path)) {
                throw new RefusedException("the path of its file " + printable(path)
                        + " is not relative and plain; use one such as lib/libhelper.so");
            }
        }
        return files;
    }

    private static String printable(String path) {
        return path.replaceAll("\\p{Cntrl}", "?");
    }

    /** Which file is the library is part of the digest, since the repair depends on it. */
    private static String digest(String library, Map<String, String> digests) {
        MessageDigest digest = Durable.sha256();
        StringBuilder text = new StringBuilder("library ").append(library).append('\n');
        digests.forEach((path, hex) -> text.append(hex).append(' ').append(path).append('\n'));
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return Durable.hex(digest);
    }

    private StoredCopy build(
            String library, Map<String, OpFile> files, Map<String, String> digests, String digest, Path place)
            throws RefusedException, IOException {
        Path work = Files.createTempDirectory(root, TEMPORARY);
        try {
            Path folder = Files.createDirectory(work.resolve(CopyRecord.FILES));
            for (Map.Entry<String, OpFile> file : files.entrySet()) {
                copy(file.getValue(), folder.resolve(file.getKey()), digests.get(file.getKey()));
            }
            Lint.Result result = lint.judge(folder, folder.resolve(library), digest);
            CopyRecord.write(work, result);
            Durable.forceTree(work);
            publish(work, place);
            Path stored = place.resolve(CopyRecord.FILES).resolve(folder.relativize(result.library()));
            return new StoredCopy(digest, stored, result.notes());
        } finally {
            Durable.delete(work);
        }
    }

    private static void copy(OpFile file, Path to, String expected) throws IOException {
        Files.createDirectories(to.getParent());
        MessageDigest digest = Durable.sha256();
        try (var in = file.open();
                OutputStream out =
                        new DigestOutputStream(Files.newOutputStream(to, StandardOpenOption.CREATE_NEW), digest)) {
            in.transferTo(out);
        }
        if (!Durable.hex(digest).equals(expected)) {
            throw new IOException(file.path() + " changed while it was copied");
        }
    }

    /** A damaged copy is moved away, not written over, since it may be loaded. */
    private void publish(Path work, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Path old = Files.createTempDirectory(root, TEMPORARY);
        try {
            if (Files.exists(place)) {
                Files.move(place, old.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Durable.delete(old);
        }
        Durable.force(place.getParent());
        Durable.force(root);
    }
}
