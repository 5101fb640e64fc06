package io.opgraft.ops.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private copies of op libraries with their helpers, {@code <digest>/r<repair version>/} each with a record of its
 * files.
 *
 * <p>A copy appears under its name only when it is whole, and is never written to again: the loader would not notice a
 * changed file, or die of it. It is forced to the disk a little later: until then the bundle can give it again, and what a
 * power failure spoils does not agree with its record.
 */
final class CopyStore {
    private static final Logger LOG = LoggerFactory.getLogger(CopyStore.class);
    private static final String TEMPORARY = ".tmp-";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path root;
    private final FolderBuilder builder;
    private final KnownBundles known;
    private final Prefetch prefetch = new Prefetch();
    private final LateForce disk = new LateForce();
    private final Set<String> taken = new HashSet<>();

    private CopyStore(Path root, FolderBuilder builder) {
        this.root = root;
        this.builder = builder;
        this.known = KnownBundles.open(root.resolve("bundles.txt"));
    }

    /** Opens the folder, makes it if need be, and removes what a crash left half done. */
    static CopyStore open(Path folder, FolderBuilder builder) throws IOException {
        Path root = Files.createDirectories(folder.toAbsolutePath().normalize());
        try (DirectoryStream<Path> left = Files.newDirectoryStream(root, TEMPORARY + "*")) {
            for (Path path : left) {
                Durable.delete(path);
            }
        }
        return new CopyStore(root, builder);
    }

    Path root() {
        return root;
    }

    /** An empty folder on the same file system; the caller deletes it, or else the next start does. */
    Path temporary() throws IOException {
        return Files.createTempDirectory(root, TEMPORARY);
    }

    /**
     * Gives the copy that was made for a bundle before, without reading the bundle.
     *
     * @param key of the bundle as it was installed, see {@link KnownBundles}
     * @return null if there is none or it is damaged
     */
    synchronized StoredFolder take(String key) throws IOException {
        String digest = known.get(key);
        StoredFolder folder = digest == null ? null : prefetch.take(digest);
        if (folder == null) {
            folder = digest == null ? null : load(digest, false);
        }
        if (folder != null) {
            taken.add(digest);
        }
        return folder;
    }

    /** Reads ahead the copies of the bundles that are known, if nobody wrote to them. */
    synchronized void prefetch() {
        prefetch.start(known.values().stream().distinct().toList(), this::readIfUntouched);
    }

    private StoredFolder readIfUntouched(String digest) throws IOException {
        Path place = place(digest);
        FolderRecord record = FolderRecord.read(place);
        return record != null && record.looksWhole(place)
                ? new StoredFolder(digest, place.resolve(FolderRecord.FILES), record)
                : null;
    }

    /** Bundles will not start by the hundred any more. */
    void endPrefetch() {
        prefetch.end();
    }

    /**
     * Gives the copy of a folder, made now or earlier.
     *
     * @param key of the bundle, or empty
     * @throws RefusedException if it is not what the same bundle delivered before
     * @throws IOException if it cannot be read or copied
     */
    StoredFolder take(Delivery delivery, String key) throws RefusedException, IOException {
        Path work = temporary();
        try {
            Path files = Files.createDirectory(work.resolve(FolderRecord.FILES));
            Map<String, String> digests = FolderBuilder.copy(delivery, files);
            return take(delivery.libraries(), digests, work, key);
        } finally {
            Durable.delete(work);
        }
    }

    private synchronized StoredFolder take(List<String> libraries, Map<String, String> digests, Path work, String key)
            throws RefusedException, IOException {
        String digest = FolderBuilder.digest(libraries, digests);
        String before = known.get(key);
        if (before != null && !before.equals(digest)) {
            throw new RefusedException("the framework's copy of its bundle is damaged: the libraries in it are not what"
                    + " was installed; install the bundle again");
        }
        StoredFolder folder = load(digest, false);
        if (folder == null) {
            folder = build(libraries, digests, digest, work);
        }
        if (folder.files() != null) {
            taken.add(digest);
            known.put(key, digest);
        }
        return folder;
    }

    /** The copy of a folder; null if there is none or it is damaged. */
    private StoredFolder load(String digest, boolean byDigest) throws IOException {
        Path place = place(digest);
        if (!Files.exists(place)) {
            return null;
        }
        FolderRecord record = FolderRecord.read(place);
        if (record != null) {
            Path files = place.resolve(FolderRecord.FILES);
            if (!byDigest && record.looksWhole(place)) {
                return new StoredFolder(digest, files, record);
            }
            if (record.isWhole(place)) {
                if (!record.looksWhole(place)) {
                    record = FolderRecord.of(files, record.units());
                    record.refresh(place);
                }
                return new StoredFolder(digest, files, record);
            }
        }
        LOG.warn("The copy {} is not what was stored", place);
        return null;
    }

    private Set<String> digests() throws IOException {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                String name = String.valueOf(folder.getFileName());
                if (DIGEST.matcher(name).matches()) {
                    found.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private Path place(String digest) {
        return root.resolve(digest).resolve("r" + Lint.REPAIR_VERSION);
    }

    /**
     * Finds the copy that a unit lies in.
     *
     * @param unit digest of the unit, which is that of its folder unless the folder holds several
     * @return checked byte for byte; null if there is none or it is damaged
     */
    synchronized StoredFolder find(String unit) throws IOException {
        if (!DIGEST.matcher(unit).matches()) {
            return null;
        }
        if (Files.exists(place(unit))) {
            return load(unit, true);
        }
        for (String digest : digests()) {
            FolderRecord record = FolderRecord.read(place(digest));
            if (record != null
                    && record.units().stream().anyMatch(each -> each.digest().equals(unit))) {
                return load(digest, true);
            }
        }
        return null;
    }

    /**
     * Compares a copy with its record, without the lock since that may take long. A damaged one loses its record, so that
     * nobody gets it again.
     *
     * @param files of a {@link StoredFolder}; what is none of this store is not judged
     */
    boolean isDamaged(Path files) throws IOException {
        Path place = files.getParent();
        if (place == null || !place.startsWith(root)) {
            return false;
        }
        FolderRecord record = FolderRecord.read(place);
        if (record != null && record.isWhole(place)) {
            return false;
        }
        LOG.warn("The copy {} is not what was stored", place);
        FolderRecord.forget(place);
        return true;
    }

    /**
     * Removes the copies that nobody took since this store was opened.
     *
     * @param installed bundles whose copies stay though they are not started, see {@link KnownBundles#retain}
     * @param keep digests of units whose folders stay
     * @return digests of the units that are left
     */
    synchronized Set<String> prune(Set<String> installed, Set<String> keep) {
        Set<String> left = new HashSet<>();
        known.retain(installed);
        Set<String> used = new HashSet<>(taken);
        used.addAll(known.values());
        used.addAll(keep);
        try {
            for (String digest : digests()) {
                FolderRecord record = FolderRecord.read(place(digest));
                List<String> units = record == null
                        ? List.of()
                        : record.units().stream().map(Unit::digest).toList();
                boolean stays = used.contains(digest) || units.stream().anyMatch(used::contains);
                prune(root.resolve(digest), stays);
                left.addAll(stays ? units : List.of());
            }
        } catch (IOException e) {
            LOG.warn("Copies that are not used any more cannot be removed from {}: {}", root, e.toString());
        }
        return left;
    }

    private void prune(Path folder, boolean used) throws IOException {
        if (!used) {
            Durable.delete(folder);
            return;
        }
        try (DirectoryStream<Path> places = Files.newDirectoryStream(folder)) {
            for (Path place : places) {
                if (!place.endsWith("r" + Lint.REPAIR_VERSION)) {
                    Durable.delete(place);
                }
            }
        }
    }

    private StoredFolder build(List<String> libraries, Map<String, String> digests, String digest, Path work)
            throws IOException {
        Path files = work.resolve(FolderRecord.FILES);
        FolderBuilder.Built built = builder.build(libraries, digest, files);
        FolderRecord record = built.record(files, digests);
        if (built.units().stream().allMatch(unit -> unit.refusal() != null)) {
            return new StoredFolder(digest, null, record);
        }
        record.write(work);
        publish(work, place(digest));
        return new StoredFolder(digest, place(digest).resolve(FolderRecord.FILES), record);
    }

    /** A damaged copy is moved away, not written over, since it may be loaded. */
    private void publish(Path work, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        if (Files.exists(place)) {
            Path old = temporary();
            try {
                Files.move(place, old.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
                Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Durable.delete(old);
            }
        } else {
            Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
        }
        disk.add(place);
    }

    /** Leaves what is not forced to the disk yet to the system, which writes it within a minute. */
    void close() {
        prefetch.end();
        disk.close();
    }
}
