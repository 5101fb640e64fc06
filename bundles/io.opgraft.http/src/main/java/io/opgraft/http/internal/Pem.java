package io.opgraft.http.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys from PEM files. Messages name the file and never its content. */
final class Pem {
    private static final long LARGEST_FILE = 1 << 20;
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /** A stretch of a file between its markers. */
    private record Block(String label, ByteBuffer content) {}

    private Pem() {}

    /** Reads all certificates of a file, at least one, in their order. */
    static List<X509Certificate> certificates(Path file) throws HttpStartException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(block.content().array())));
                } catch (CertificateException e) {
                    throw new HttpStartException(
                            "certificate " + (certificates.size() + 1) + " of " + file + " cannot be read: "
                                    + e.getMessage(),
                            e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new HttpStartException(
                    file + " has no certificate; a PEM file with -----BEGIN CERTIFICATE----- is expected", null);
        }
        return certificates;
    }

    /** Reads the private key of a file. */
    static PrivateKey key(Path file) throws HttpStartException {
        PrivateKey key = null;
        for (Block block : blocks(file)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    if (key != null) {
                        throw new HttpStartException(file + " has more than one private key; leave one in it", null);
                    }
                    key = key(file, block.content().array());
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new HttpStartException(
                            "the key in " + file + " is encrypted, and nobody is there to type a password; decrypt it"
                                    + " with: openssl pkcs8 -in " + file + " -out NEW.pem, and protect it by its mode",
                            null);
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw new HttpStartException(
                            "the key in " + file + " has the old form " + block.label() + "; PKCS#8 is expected,"
                                    + " convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out NEW.pem",
                            null);
                default -> {
                    // Certificates and parameters may lie beside it.
                }
            }
        }
        if (key == null) {
            throw new HttpStartException(
                    file + " has no private key; a PEM file with -----BEGIN PRIVATE KEY----- is expected", null);
        }
        return key;
    }

    private static PrivateKey key(Path file, byte[] content) throws HttpStartException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(content);
        GeneralSecurityException last = null;
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
                last = e;
            }
        }
        throw new HttpStartException(
                "the private key in " + file + " cannot be read; an RSA, EC or Ed25519 key in PKCS#8 is expected",
                last);
    }

    private static List<Block> blocks(Path file) throws HttpStartException {
        String text;
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new HttpStartException(file + " is larger than " + LARGEST_FILE + " bytes, so no PEM file", null);
            }
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new HttpStartException(file + " cannot be read: " + e, e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String label = matcher.group(1);
            if (label.endsWith("PRIVATE KEY") && !label.equals("PRIVATE KEY")) {
                // Old forms may have header lines, and what they hold is not used.
                blocks.add(new Block(label, ByteBuffer.allocate(0)));
                continue;
            }
            try {
                blocks.add(
                        new Block(label, ByteBuffer.wrap(Base64.getMimeDecoder().decode(matcher.group(2)))));
            } catch (IllegalArgumentException e) {
                throw new HttpStartException("the " + label + " in " + file + " is not valid base64", e);
            }
        }
        return blocks;
    }
}
