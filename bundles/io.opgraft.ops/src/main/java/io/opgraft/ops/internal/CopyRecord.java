package io.opgraft.ops.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a private copy must consist of, written beside it. */
final class CopyRecord {
    /** Folder of the copied files, beside the record. */
    static final String FILES = "files";

    private static final String NAME = "copy.txt";
    private static final String LIBRARY = "library ";
    private static final String NOTE = "note ";
    private static final String SHA256 = "sha256 ";
    private static final int HEX_DIGITS = 64;

    private CopyRecord() {}

    /** Writes the record of what lies in the folder now. */
    static void write(Path folder, Lint.Result result) throws IOException {
        Path files = folder.resolve(FILES);
        List<String> lines = new ArrayList<>();
        lines.add(LIBRARY + files.relativize(result.library()));
        result.notes().forEach(note -> lines.add(NOTE + note));
        digests(files).forEach((path, digest) -> lines.add(SHA256 + digest + " " + path));
        Files.write(folder.resolve(NAME), lines, StandardCharsets.UTF_8);
    }

    /**
     * Compares the folder with its record.
     *
     * @return the copy, or null if a file is missing, new or different
     */
    static StoredCopy verify(Path folder, String delivered) throws IOException {
        Path record = folder.resolve(NAME);
        Path files = folder.resolve(FILES);
        if (!Files.isRegularFile(record) || !Files.isDirectory(files)) {
            return null;
        }
        String library = "";
        List<String> notes = new ArrayList<>();
        Map<String, String> expected = new TreeMap<>();
        // Not readAllLines, which throws on bytes that are no UTF-8: a damaged record is a mismatch.
        String text = new String(Files.readAllBytes(record), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            if (line.startsWith(LIBRARY)) {
                library = line.substring(LIBRARY.length());
            } else if (line.startsWith(NOTE)) {
                notes.add(line.substring(NOTE.length()));
            } else if (line.startsWith(SHA256) && line.length() > SHA256.length() + HEX_DIGITS) {
                int end = SHA256.length() + HEX_DIGITS;
                expected.put(line.substring(end + 1), line.substring(SHA256.length(), end));
            }
        }
        if (!expected.containsKey(library) || !expected.equals(digests(files))) {
            return null;
        }
        return new StoredCopy(delivered, files.resolve(library), List.copyOf(notes));
    }

    private static Map<String, String> digests(Path files) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : Durable.files(files)) {
            digests.put(files.relativize(file).toString(), Durable.digest(file));
        }
        return digests;
    }
}
