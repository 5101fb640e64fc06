package io.opgraft.http.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Secrets that callers show, one in each line of a file. Only their digests are kept. */
final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final int SHORTEST = 16;
    private static final long LARGEST_FILE = 64 * 1024;

    /** What a bearer token may be made of, RFC 6750. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final List<byte[]> digests;

    private Tokens(List<byte[]> digests) {
        this.digests = digests;
    }

    /**
     * Reads a file. Empty lines and those that begin with # do not count.
     *
     * @throws HttpStartException if there is no file or it has no token; the message names the file, never a token
     */
    static Tokens read(Path file) throws HttpStartException {
        List<byte[]> digests = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String token = line.trim();
            if (token.isEmpty() || token.startsWith("#")) {
                continue;
            }
            if (token.length() < SHORTEST || !TOKEN.matcher(token).matches()) {
                throw new HttpStartException(
                        "line " + number + " of the token file " + file + " is no token; a token has at least "
                                + SHORTEST + " letters, digits or characters of '._~+/-', without spaces",
                        null);
            }
            digests.add(digest(token));
        }
        if (digests.isEmpty()) {
            throw new HttpStartException("the token file " + file + " has no token; write one into a line of it", null);
        }
        return new Tokens(digests);
    }

    private static List<String> lines(Path file) throws HttpStartException {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new HttpStartException(
                        "the token file " + file + " is larger than " + LARGEST_FILE + " bytes", null);
            }
            warnIfOthersRead(file);
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new HttpStartException("the token file " + file + " cannot be read: " + e, e);
        }
    }

    private static void warnIfOthersRead(Path file) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("The token file {} can be read by every user of this machine; chmod 600 helps", file);
            }
        } catch (UnsupportedOperationException e) {
            LOG.debug("Permissions of {} are not known", file);
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether this is one of them. Takes the same time for every wrong token. */
    boolean contains(String token) {
        byte[] digest = digest(token);
        boolean found = false;
        for (byte[] one : digests) {
            found |= MessageDigest.isEqual(one, digest);
        }
        return found;
    }
}
