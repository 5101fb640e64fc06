package io.opgraft.http.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where TLS comes from.
 *
 * @param certificate the server's certificate, then those that lead from it to a root
 * @param key its private key
 * @param clientCa certificates that clients' certificates must lead to, or null if clients need none
 * @param clientRequired whether a client must have a certificate, if there is a {@code clientCa}
 */
record TlsFiles(Path certificate, Path key, Path clientCa, boolean clientRequired) {
    /**
     * What a configuration says.
     *
     * @return null without TLS
     * @throws HttpStartException if its properties do not fit together
     */
    static TlsFiles of(HttpConfig config) throws HttpStartException {
        boolean certificate = !config.tlsCertificate().isEmpty();
        boolean key = !config.tlsKey().isEmpty();
        boolean client = !config.tlsClientCa().isEmpty();
        if (certificate != key) {
            throw new HttpStartException("--tls-certificate and --tls-key must be given together", null);
        }
        if (client && !certificate) {
            throw new HttpStartException("--tls-client-ca needs --tls-certificate and --tls-key", null);
        }
        boolean required =
                switch (config.tlsClientAuth()) {
                    case "required" -> true;
                    case "optional" -> false;
                    default ->
                        throw new HttpStartException(
                                "--tls-client-auth is required or optional, not '" + config.tlsClientAuth() + "'",
                                null);
                };
        return certificate
                ? new TlsFiles(
                        Path.of(config.tlsCertificate()),
                        Path.of(config.tlsKey()),
                        client ? Path.of(config.tlsClientCa()) : null,
                        required)
                : null;
    }

    List<Path> all() {
        List<Path> all = new ArrayList<>(List.of(certificate, key));
        if (clientCa != null) {
            all.add(clientCa);
        }
        return all;
    }
}
