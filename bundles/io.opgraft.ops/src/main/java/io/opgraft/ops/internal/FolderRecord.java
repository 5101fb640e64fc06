package io.opgraft.ops.internal;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.probe.Finding;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a private copy consists of, written beside it.
 *
 * @param digests of the repaired files, by relative path
 * @param stamps of the same files and of their folders, which end in a slash, when they were checked last
 * @param units its op libraries
 */
record FolderRecord(Map<String, String> digests, Map<String, String> stamps, List<Unit> units) {
    /** Folder of the copied files, beside the record. */
    static final String FILES = "files";

    private static final String NAME = "copy.json";

    /** Describes what lies in the folder now. */
    static FolderRecord of(Path files, List<Unit> units) throws IOException {
        return new FolderRecord(digests(files), stamps(files), units);
    }

    /**
     * The same.
     *
     * @param digests of all files, known from the time when they were written
     */
    static FolderRecord of(Path files, List<Unit> units, Map<String, String> digests) throws IOException {
        return new FolderRecord(digests, stamps(files), units);
    }

    /** Writes it to a folder that nobody reads yet. */
    void write(Path folder) throws IOException {
        Sealed.create(folder.resolve(NAME), json());
    }

    /** Replaces a record whose files were found right, as after a copy of the data directory. */
    void refresh(Path folder) throws IOException {
        // Losing it costs a comparison, and a thousand of them are not to be forced to the disk at a start.
        Sealed.write(folder.resolve(NAME), json(), false);
    }

    /** Takes the record of a damaged folder away. */
    static void forget(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }

    private Map<String, Object> json() {
        Map<String, Object> files = new LinkedHashMap<>();
        stamps.forEach((path, stamp) -> files.put(path, List.of(digests.getOrDefault(path, ""), stamp)));
        List<Object> list = new ArrayList<>();
        for (Unit unit : units) {
            LibraryFacts facts = unit.facts();
            list.add(Map.of(
                    "digest", unit.digest(),
                    "members", unit.members(),
                    "files", unit.files(),
                    "findings", findings(unit.findings()),
                    "facts",
                            Map.of(
                                    "bytes", facts.bytes(),
                                    "machine", facts.machine(),
                                    "compiler", facts.compiler(),
                                    "runtime", facts.runtime(),
                                    "needed", facts.needed())));
        }
        return Map.of("files", files, "units", list);
    }

    /**
     * Reads the record of a folder.
     *
     * @return null if there is none or it is damaged
     */
    static FolderRecord read(Path folder) {
        Json.Node json = Sealed.read(folder.resolve(NAME));
        if (json == null) {
            return null;
        }
        try {
            Map<String, String> digests = new TreeMap<>();
            Map<String, String> stamps = new TreeMap<>();
            for (Map.Entry<String, Json.Node> file : json.map("files").entrySet()) {
                List<?> parts = (List<?>) file.getValue().value();
                if (!isFolder(file.getKey())) {
                    digests.put(file.getKey(), (String) parts.get(0));
                }
                stamps.put(file.getKey(), (String) parts.get(1));
            }
            List<Unit> units = new ArrayList<>();
            for (Json.Node unit : json.list("units")) {
                Json.Node facts = unit.get("facts");
                units.add(new Unit(
                        unit.text("digest"),
                        unit.texts("members"),
                        unit.texts("files"),
                        findings(unit.list("findings")),
                        new LibraryFacts(
                                facts.number("bytes"),
                                facts.text("machine"),
                                facts.text("compiler"),
                                facts.text("runtime"),
                                facts.texts("needed"))));
            }
            return new FolderRecord(digests, stamps, List.copyOf(units));
        } catch (IOException | RuntimeException e) {
            // Whole, but of another form: as good as none.
            return null;
        }
    }

    private static boolean isFolder(String path) {
        return path.endsWith("/");
    }

    /**
     * Whether nothing was written to the files, and none was added, since they were checked last, as far as the file system
     * tells. Folders are not listed, since their stamps change with their entries.
     */
    boolean looksWhole(Path folder) throws IOException {
        Path files = folder.resolve(FILES);
        try {
            for (Map.Entry<String, String> seen : stamps.entrySet()) {
                BasicFileAttributes now = Files.readAttributes(
                        files.resolve(seen.getKey()), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (seen.getValue().isEmpty()
                        || now.isDirectory() != isFolder(seen.getKey())
                        || !seen.getValue().equals(stamp(now))) {
                    return false;
                }
            }
            return !stamps.isEmpty();
        } catch (FileSystemException e) {
            return false;
        }
    }

    /** Whether the files are those that were stored, byte for byte. */
    boolean isWhole(Path folder) throws IOException {
        Path files = folder.resolve(FILES);
        return Files.isDirectory(files) && digests.equals(digests(files));
    }

    /** SHA-256 over the repaired files. */
    String loadedDigest() {
        MessageDigest digest = Durable.sha256();
        digests.forEach((path, hex) -> digest.update((hex + " " + path + "\n").getBytes(StandardCharsets.UTF_8)));
        return Durable.hex(digest);
    }

    static List<Object> findings(List<Finding> findings) {
        List<Object> list = new ArrayList<>();
        for (Finding finding : findings) {
            list.add(List.of(
                    finding.verdict().name(), finding.topic(), finding.file(), finding.message(), finding.remedy()));
        }
        return list;
    }

    static List<Finding> findings(Iterable<Json.Node> list) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Json.Node node : list) {
            if (!(node.value() instanceof List<?> parts) || parts.size() != 5) {
                throw new IOException("a finding has five parts");
            }
            findings.add(new Finding(
                    Verdict.valueOf(String.valueOf(parts.get(0))),
                    String.valueOf(parts.get(1)),
                    String.valueOf(parts.get(2)),
                    String.valueOf(parts.get(3)),
                    String.valueOf(parts.get(4))));
        }
        return findings;
    }

    private static Map<String, String> digests(Path files) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : Durable.files(files)) {
            digests.put(files.relativize(file).toString(), Durable.digest(file));
        }
        return digests;
    }

    private static Map<String, String> stamps(Path files) throws IOException {
        Map<String, String> stamps = new TreeMap<>();
        Files.walkFileTree(files, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes seen) {
                stamps.put((folder.equals(files) ? "." : files.relativize(folder)) + "/", stamp(seen));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes seen) {
                stamps.put(files.relativize(file).toString(), stamp(seen));
                return FileVisitResult.CONTINUE;
            }
        });
        return stamps;
    }

    /**
     * A cheap sign that changes when somebody writes to a file or puts another one in its place: size, number and time of
     * the last change. Empty where the system does not tell numbers.
     */
    private static String stamp(BasicFileAttributes seen) {
        Object number = seen.fileKey();
        return number == null
                ? ""
                : seen.size() + " " + number + " " + seen.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }
}
