package io.opgraft.ops.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.LibrarySet;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Copies what is delivered, judges and repairs the copy. Knows nothing of where copies are kept. */
final class FolderBuilder {
    private static final int BUFFER = 1 << 16;

    private final Lint lint;

    FolderBuilder(Lint lint) {
        this.lint = lint;
    }

    /**
     * Copies the files, each read once.
     *
     * @param work an empty folder that takes them
     * @return SHA-256 of each file as delivered
     * @throws RefusedException if one cannot be read, as when the framework's copy of a bundle is damaged
     * @throws IOException if one cannot be written
     */
    static Map<String, String> copy(Delivery delivery, Path work) throws RefusedException, IOException {
        Map<String, String> digests = new TreeMap<>();
        byte[] buffer = new byte[BUFFER];
        for (Map.Entry<String, Delivery.Content> file : delivery.files().entrySet()) {
            digests.put(file.getKey(), copy(file.getKey(), file.getValue(), work, buffer));
        }
        return digests;
    }

    private static String copy(String path, Delivery.Content file, Path work, byte[] buffer)
            throws RefusedException, IOException {
        Path to = work.resolve(path);
        if (path.indexOf('/') >= 0) {
            Files.createDirectories(to.getParent());
        }
        MessageDigest digest = Durable.sha256();
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            InputStream in = open(path, file);
            try (in) {
                for (int count = read(path, in, buffer); count >= 0; count = read(path, in, buffer)) {
                    digest.update(buffer, 0, count);
                    out.write(buffer, 0, count);
                }
            }
        }
        return Durable.hex(digest);
    }

    private static InputStream open(String path, Delivery.Content file) throws RefusedException {
        try {
            return file.open();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static int read(String path, InputStream in, byte[] buffer) throws RefusedException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static RefusedException unreadable(String path, IOException e) {
        return new RefusedException(
                "its file " + path + " cannot be read (" + e + "), so its bundle is damaged; install the bundle again");
    }

    /** Which files are op libraries is part of the digest, since that decides what is loaded together. */
    static String digest(List<String> libraries, Map<String, String> digests) {
        StringBuilder text = new StringBuilder();
        libraries.forEach(library -> text.append("library ").append(library).append('\n'));
        digests.forEach((path, hex) -> text.append(hex).append(' ').append(path).append('\n'));
        return sha256(text.toString());
    }

    private static String sha256(String text) {
        MessageDigest digest = Durable.sha256();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return Durable.hex(digest);
    }

    /**
     * What became of the files.
     *
     * @param units op libraries, some of them or all refused
     * @param changed whether any file is not what was delivered
     */
    record Built(List<Unit> units, boolean changed) {
        /** Describes the files. */
        FolderRecord record(Path files, Map<String, String> delivered) throws IOException {
            return changed ? FolderRecord.of(files, units) : FolderRecord.of(files, units, delivered);
        }
    }

    /**
     * Judges and repairs a copy in place.
     *
     * @param libraries paths of the op libraries
     * @param work the copied files, and nothing else
     */
    Built build(List<String> libraries, String digest, Path work) throws IOException {
        Lint.Folder folder =
                lint.judge(work, libraries.stream().map(work::resolve).toList());
        List<Lint.Judged> judged = folder.units();
        Lint.Repaired repaired = Lint.Repaired.NOTHING;
        if (judged.stream().anyMatch(unit -> !unit.refused())) {
            try {
                repaired = Lint.repair(folder, digest);
            } catch (ElfException e) {
                Finding finding = new Finding(Verdict.REFUSED, "private name", "", e.getMessage(), "");
                judged.forEach(unit -> unit.findings().add(finding));
                repaired = new Lint.Repaired(true, Map.of());
            }
        }
        List<Unit> units = new ArrayList<>();
        for (Lint.Judged unit : judged) {
            List<String> members = new ArrayList<>();
            List<String> files = new ArrayList<>();
            for (Path member : unit.members()) {
                members.add(work.relativize(member).toString());
                files.add(work.relativize(repaired.moved().getOrDefault(member, member))
                        .toString());
            }
            String own = judged.size() == 1
                    ? digest
                    : sha256("unit " + digest + "\n"
                            + String.join("\n", members.stream().sorted().toList()));
            units.add(new Unit(own, members, unit.refused() ? List.of() : files, unit.findings(), unit.facts()));
        }
        return new Built(units, repaired.changed());
    }

    /**
     * Makes a second copy of a unit under other private names.
     *
     * @param work an empty folder that takes the files
     */
    static LibraryFiles twin(LibraryFiles unit, String digest, Path work) throws IOException {
        for (Path file : Durable.files(unit.folder())) {
            Path to = work.resolve(unit.folder().relativize(file).toString());
            Files.createDirectories(to.getParent());
            Files.copy(file, to);
        }
        Map<Path, Path> moved;
        try {
            moved = LibrarySet.read(work, CommonLibraries::contains, new TreeMap<>())
                    .makeUnique(digest + "-twin");
        } catch (ElfException e) {
            throw new IOException(e.getMessage(), e);
        }
        List<Path> own = new ArrayList<>();
        for (Path file : unit.libraries()) {
            Path copied = work.resolve(unit.folder().relativize(file).toString());
            own.add(moved.getOrDefault(copied, copied));
        }
        return new LibraryFiles(work, own.get(own.size() - 1), own.subList(0, own.size() - 1));
    }
}
