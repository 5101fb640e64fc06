package io.opgraft.http.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS side of the server: what it shows, and whom it believes. New files serve new connections only. */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** Not a secret: the stores never leave memory. */
    private static final String NO_PASSWORD = "";

    /** The content of the files, checked. */
    private record Stores(KeyStore own, KeyStore trusted, X509Certificate certificate) {}

    private final TlsFiles files;
    private final SslContextFactory.Server context = new SslContextFactory.Server();

    /**
     * Reads the files.
     *
     * @throws HttpStartException if they are no certificate and its key; the message says which and why
     */
    Tls(TlsFiles files) throws HttpStartException {
        this.files = files;
        context.setKeyStorePassword(NO_PASSWORD);
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        context.setCipherComparator(HTTP2Cipher.COMPARATOR);
        context.setUseCipherSuitesOrder(true);
        context.setRenegotiationAllowed(false);
        // One certificate for every name: clients may come by address.
        context.setSniRequired(false);
        if (files.clientCa() != null) {
            context.setNeedClientAuth(files.clientRequired());
            context.setWantClientAuth(!files.clientRequired());
        }
        use(context, read());
    }

    SslContextFactory.Server context() {
        return context;
    }

    /** Reads the files again; if they are not right, all stays as it is. */
    void reload() {
        try {
            Stores stores = read();
            context.reload(same -> use(same, stores));
            LOG.info(
                    "TLS goes on with the new certificate of {}, valid until {}",
                    files.certificate(),
                    stores.certificate().getNotAfter().toInstant());
        } catch (HttpStartException e) {
            LOG.warn("TLS stays with the certificate that it has: {}", e.getMessage());
        } catch (Exception e) {
            LOG.error("TLS could not take the new certificate of {}: {}", files.certificate(), e.toString());
        }
    }

    private static void use(SslContextFactory context, Stores stores) {
        context.setKeyStore(stores.own());
        context.setTrustStore(stores.trusted());
    }

    private Stores read() throws HttpStartException {
        List<X509Certificate> chain = Pem.certificates(files.certificate());
        PrivateKey key = Pem.key(files.key());
        X509Certificate certificate = chain.get(0);
        if (!belong(certificate.getPublicKey(), key)) {
            throw new HttpStartException(
                    "the key in " + files.key() + " is not the key of the certificate in " + files.certificate()
                            + "; the server's own certificate must be the first in its file",
                    null);
        }
        if (certificate.getNotAfter().toInstant().isBefore(Instant.now())) {
            LOG.warn(
                    "The certificate in {} has expired at {}; most clients will refuse it",
                    files.certificate(),
                    certificate.getNotAfter().toInstant());
        }
        try {
            KeyStore own = empty();
            own.setKeyEntry("server", key, NO_PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
            KeyStore trusted = null;
            if (files.clientCa() != null) {
                trusted = empty();
                for (X509Certificate ca : Pem.certificates(files.clientCa())) {
                    trusted.setCertificateEntry("ca" + trusted.size(), ca);
                }
            }
            return new Stores(own, trusted, certificate);
        } catch (GeneralSecurityException | IOException e) {
            throw new HttpStartException(
                    "the certificate in " + files.certificate() + " and its key cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Whether what one signs the other confirms. */
    private static boolean belong(PublicKey open, PrivateKey secret) {
        String algorithm =
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            byte[] probe = {1, 2, 3};
            signature.initSign(secret);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
