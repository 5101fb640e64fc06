package io.opgraft.ops.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** JSON files that begin with their own digest, so that a damaged one is not believed. */
final class Sealed {
    private static final int HEX_DIGITS = 64;

    private Sealed() {}

    /** Replaces the file as a whole. */
    static void write(Path file, Object json, boolean forced) throws IOException {
        String text = Json.write(json);
        Path next = Files.createTempFile(file.getParent(), ".next-", "");
        try {
            Files.writeString(next, digest(text) + "\n" + text);
            if (forced) {
                Durable.force(next);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /**
     * Reads a file.
     *
     * @return null if it is not there, damaged or of another kind
     */
    static Json.Node read(Path file) {
        try {
            String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (all.length() <= HEX_DIGITS
                    || all.charAt(HEX_DIGITS) != '\n'
                    || !all.substring(0, HEX_DIGITS).equals(digest(all.substring(HEX_DIGITS + 1)))) {
                return null;
            }
            return Json.read(all.substring(HEX_DIGITS + 1));
        } catch (IOException e) {
            return null;
        }
    }

    /** Writes a file of a folder that nobody reads yet. */
    static void create(Path file, Object json) throws IOException {
        String text = Json.write(json);
        Files.writeString(file, digest(text) + "\n" + text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static String digest(String text) {
        MessageDigest digest = Durable.sha256();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return Durable.hex(digest);
    }
}
