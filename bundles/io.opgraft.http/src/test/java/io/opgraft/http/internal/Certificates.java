package io.opgraft.http.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** Makes certificates: the JDK reads them, but has no way to write one. */
record Certificates(X509Certificate certificate, PrivateKey key, X509Certificate issuer) {
    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime() & Integer.MAX_VALUE);

    /** Makes a root of its own. */
    static Certificates root(String name) {
        return make(name, "EC", null);
    }

    /** Makes a certificate for this machine. */
    Certificates issue(String name, String algorithm) {
        return make(name, algorithm, this);
    }

    private static Certificates make(String name, String algorithm, Certificates issuer) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (!algorithm.equals("Ed25519")) {
                generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
            }
            KeyPair pair = generator.generateKeyPair();
            PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key();
            // Only roots sign, and they are EC: ecdsa-with-SHA256.
            byte[] signatureAlgorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
            String above = issuer == null
                    ? name
                    : issuer.certificate().getSubjectX500Principal().getName().substring(3);
            byte[] body = sequence(
                    tagged(0xa0, integer(2)),
                    integer(SERIAL.incrementAndGet()),
                    signatureAlgorithm,
                    name(above),
                    sequence(
                            time(Instant.now().minusSeconds(3600)),
                            time(Instant.now().plusSeconds(86_400))),
                    name(name),
                    pair.getPublic().getEncoded(),
                    tagged(0xa3, sequence(issuer == null ? authority() : thisMachine())));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer);
            signature.update(body);
            byte[] der = sequence(body, signatureAlgorithm, tagged(0x03, new byte[1], signature.sign()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new Certificates(
                    certificate, pair.getPrivate(), issuer == null ? certificate : issuer.certificate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Path writeCertificate(Path file) throws IOException {
        try {
            return Files.writeString(file, "text before\n" + pem("CERTIFICATE", certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Path writeKey(Path file) throws IOException {
        return Files.writeString(file, pem("PRIVATE KEY", key.getEncoded()));
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static byte[] authority() {
        return sequence(
                oid(2, 5, 29, 19), tagged(0x01, new byte[] {-1}), tagged(0x04, sequence(tagged(0x01, new byte[] {-1
                }))));
    }

    private static byte[] thisMachine() {
        byte[] names = sequence(
                tagged(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)), tagged(0x87, new byte[] {127, 0, 0, 1}));
        return sequence(oid(2, 5, 29, 17), tagged(0x04, names));
    }

    private static byte[] name(String name) {
        byte[] text = tagged(0x0c, name.getBytes(StandardCharsets.UTF_8));
        return sequence(tagged(0x31, sequence(oid(2, 5, 4, 3), text)));
    }

    private static byte[] time(Instant at) {
        String text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(at);
        return tagged(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] integer(long value) {
        return tagged(0x02, BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] oid(int first, int second, int... rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first * 40 + second);
        for (int part : rest) {
            if (part >= 1 << 14) {
                out.write(0x80 | part >> 14);
            }
            if (part >= 1 << 7) {
                out.write(0x80 | (part >> 7 & 0x7f));
            }
            out.write(part & 0x7f);
        }
        return tagged(0x06, out.toByteArray());
    }

    private static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 256) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 128) {
            out.write(0x81);
        }
        out.write(length & 0xff);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
