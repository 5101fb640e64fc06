package io.opgraft.ops.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.LibrarySet;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Copies what is delivered, judges and repairs the copy. Knows nothing of where copies are kept. */
final class FolderBuilder {
    private final Lint lint;

    FolderBuilder(Lint lint) {
        this.lint = lint;
    }

    /**
     * SHA-256 of each file as delivered.
     *
     * @throws RefusedException if one cannot be read, as when the framework's copy of a bundle is damaged
     */
    static Map<String, String> digests(Delivery delivery) throws RefusedException {
        Map<String, String> digests = new TreeMap<>();
        for (Map.Entry<String, Delivery.Content> file : delivery.files().entrySet()) {
            try {
                digests.put(file.getKey(), Durable.digest(file.getValue().open()));
            } catch (IOException e) {
                throw new RefusedException("its file " + file.getKey() + " cannot be read (" + e
                        + "), so its bundle is damaged; install the bundle again");
            }
        }
        return digests;
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
     * Makes the copy.
     *
     * @param digests what each file must be
     * @param work an empty folder that takes the files
     * @return its op libraries, some of them or all refused
     */
    List<Unit> build(Delivery delivery, Map<String, String> digests, String digest, Path work) throws IOException {
        for (Map.Entry<String, Delivery.Content> file : delivery.files().entrySet()) {
            copy(file.getKey(), file.getValue(), work.resolve(file.getKey()), digests.get(file.getKey()));
        }
        List<Lint.Judged> judged = lint.judge(
                work, delivery.libraries().stream().map(work::resolve).toList());
        Map<Path, Path> moved = Map.of();
        if (judged.stream().anyMatch(unit -> !unit.refused())) {
            try {
                moved = Lint.repair(work, judged, digest);
            } catch (ElfException e) {
                Finding finding = new Finding(Verdict.REFUSED, "private name", "", e.getMessage(), "");
                judged.forEach(unit -> unit.findings().add(finding));
            }
        }
        List<Unit> units = new ArrayList<>();
        for (Lint.Judged unit : judged) {
            List<String> members = new ArrayList<>();
            List<String> files = new ArrayList<>();
            for (Path member : unit.members()) {
                members.add(work.relativize(member).toString());
                files.add(work.relativize(moved.getOrDefault(member, member)).toString());
            }
            String own = judged.size() == 1
                    ? digest
                    : sha256("unit " + digest + "\n"
                            + String.join("\n", members.stream().sorted().toList()));
            units.add(new Unit(own, members, unit.refused() ? List.of() : files, unit.findings(), unit.facts()));
        }
        return units;
    }

    private static void copy(String path, Delivery.Content file, Path to, String expected) throws IOException {
        Files.createDirectories(to.getParent());
        MessageDigest digest = Durable.sha256();
        try (var in = file.open();
                OutputStream out =
                        new DigestOutputStream(Files.newOutputStream(to, StandardOpenOption.CREATE_NEW), digest)) {
            in.transferTo(out);
        }
        if (!Durable.hex(digest).equals(expected)) {
            throw new IOException(path + " changed while it was copied");
        }
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
        List<Path> files = new ArrayList<>(unit.before());
        files.add(unit.library());
        List<Path> own = new ArrayList<>();
        for (Path file : files) {
            Path copied = work.resolve(unit.folder().relativize(file).toString());
            own.add(moved.getOrDefault(copied, copied));
        }
        return new LibraryFiles(work, own.get(own.size() - 1), own.subList(0, own.size() - 1));
    }
}
