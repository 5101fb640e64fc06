package io.opgraft.models.internal.state;

import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file of rows that is whole after a crash: it is replaced at once, forced to the disk, and its first line is a
 * digest of the others. Cells may hold any text. Not safe against two writers of one file.
 */
public final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final String MAGIC = "opgraft-state 1 ";

    private final Path path;

    /**
     * Makes the file's handle; touches nothing.
     *
     * @param path where it lies
     */
    public StateFile(Path path) {
        this.path = path;
    }

    /**
     * Reads the rows.
     *
     * @param lost what is lost if the file is damaged, for the warning, such as {@code the history of model m}
     * @return empty if there is no file, or if it is damaged: then it is kept beside as {@code .damaged}
     */
    public List<List<String>> read(String lost) {
        try {
            return parse(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("{} cannot be used, so {} starts anew: {}", path, lost, Repository.reason(e));
            putAside();
            return List.of();
        }
    }

    private void putAside() {
        try {
            Files.move(path, hidden(".damaged"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.debug("{} cannot be put aside", path, e);
        }
    }

    private static List<List<String>> parse(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        if (end < 0 || !text.startsWith(MAGIC)) {
            throw new IOException("it does not begin as such a file does");
        }
        String body = text.substring(end + 1);
        if (!text.substring(MAGIC.length(), end).equals(digest(body))) {
            throw new IOException("its digest is wrong");
        }
        List<List<String>> rows = new ArrayList<>();
        for (String line : body.isEmpty() ? new String[0] : body.split("\n", -1)) {
            List<String> cells = new ArrayList<>();
            for (String cell : line.split("\t", -1)) {
                cells.add(unescape(cell));
            }
            rows.add(cells);
        }
        return rows;
    }

    /**
     * Replaces the rows. When this returns they outlive a power cut; if it fails, the file is as before.
     *
     * @param rows what the file is to hold
     * @throws IOException if it cannot be written
     */
    public void write(List<List<String>> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(String.join("\t", row.stream().map(StateFile::escape).toList()));
        }
        String body = String.join("\n", lines);
        replace(path, MAGIC + digest(body) + "\n" + body);
    }

    /**
     * Replaces a text file as a whole and forces it to the disk.
     *
     * @param file the file; its folder is made
     * @param text new content
     * @throws IOException if it cannot be written; the file is as before then
     */
    public static void replace(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // Without it the rename itself could be lost in a power cut.
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path hidden(String suffix) {
        return path.resolveSibling("." + path.getFileName() + suffix);
    }

    private static String escape(String cell) {
        return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    private static String unescape(String cell) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c == '\\' && i + 1 < cell.length()) {
                char next = cell.charAt(++i);
                text.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String digest(String body) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
