package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final Certificates ROOT = Certificates.root("test root");
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[3],\"data\":[7,8,9]}]}";

    @TempDir
    private Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void files() {
        certificate = folder.resolve("server.crt");
        key = folder.resolve("server.key");
    }

    private Map<String, Object> settings(Certificates server) throws IOException {
        server.writeCertificate(certificate);
        server.writeKey(key);
        return new HashMap<>(Map.of("tlsCertificate", certificate.toString(), "tlsKey", key.toString()));
    }

    private static SSLContext context(Certificates own) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("root", ROOT.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            KeyStore mine = KeyStore.getInstance("PKCS12");
            mine.load(null, null);
            if (own != null) {
                mine.setKeyEntry("me", own.key(), new char[0], new X509Certificate[] {own.certificate()});
            }
            keys.init(mine, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpClient client(HttpClient.Version version, Certificates own) {
        return HttpClient.newBuilder().version(version).sslContext(context(own)).build();
    }

    private static HttpResponse<String> infer(HttpClient client, TestServer server) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.uri("/v2/models/identity_INT32/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({"RSA, HTTP_1_1", "RSA, HTTP_2", "EC, HTTP_1_1", "EC, HTTP_2"})
    void bothVersionsWithBothKinds(String algorithm, HttpClient.Version version) throws Exception {
        try (TestServer server = new TestServer(settings(ROOT.issue("localhost", algorithm)))) {
            assertEquals("https", server.endpoint.uri().getScheme());
            HttpClient client = client(version, null);
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = infer(client, server);
                assertEquals(200, answer.statusCode(), answer.body());
                assertEquals(version, answer.version());
                assertTrue(answer.body().contains("[7,8,9]"), answer.body());
            }
            // By name too.
            URI named = URI.create("https://localhost:" + server.endpoint.uri().getPort() + "/v2");
            assertEquals(
                    200,
                    client.send(HttpRequest.newBuilder(named).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode());
        }
    }

    /** A client that cannot negotiate a protocol, and one that knows old TLS only. */
    @Test
    void otherClients() throws Exception {
        try (TestServer server = new TestServer(settings(ROOT.issue("localhost", "EC")))) {
            try (SSLSocket socket = socket(server, null)) {
                String answer = ask(socket, "Connection: close\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                assertEquals("TLSv1.3", socket.getSession().getProtocol());
            }
            try (SSLSocket socket = socket(server, null)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                assertTrue(ask(socket, "Connection: close\r\n").startsWith("HTTP/1.1 200 "));
            }
            try (Socket plain = server.socket()) {
                plain.getOutputStream()
                        .write("GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = plain.getInputStream().readAllBytes();
                assertTrue(answer.length < 20, "HTTP without TLS was answered");
            }
            assertEquals(
                    200, infer(client(HttpClient.Version.HTTP_2, null), server).statusCode());
        }
    }

    private static SSLSocket socket(TestServer server, Certificates own) throws IOException {
        SSLSocket socket = (SSLSocket) context(own)
                .getSocketFactory()
                .createSocket("127.0.0.1", server.endpoint.uri().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String ask(Socket socket, String header) throws IOException {
        socket.getOutputStream()
                .write(("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String askKept(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) socket.getInputStream().read());
        }
        return text.toString();
    }

    private static String shown(TestServer server) {
        try (SSLSocket socket = socket(server, null)) {
            socket.startHandshake();
            X509Certificate seen = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return seen.getSubjectX500Principal().getName();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void newFilesServeNewConnectionsAndBrokenOnesNone() throws Exception {
        try (TestServer server = new TestServer(settings(ROOT.issue("first", "EC")));
                SSLSocket kept = socket(server, null)) {
            assertTrue(askKept(kept).startsWith("HTTP/1.1 200 "));
            assertEquals("CN=first", shown(server));
            // One after the other, as tools write them.
            Certificates second = ROOT.issue("second", "RSA");
            second.writeCertificate(certificate);
            second.writeKey(key);
            Await.until(() -> shown(server).equals("CN=second"), "the new certificate is not shown");
            assertTrue(askKept(kept).startsWith("HTTP/1.1 200 "), "an open connection was cut");
            // The key of another certificate.
            ROOT.issue("third", "EC").writeCertificate(certificate);
            Thread.sleep(1500);
            assertEquals("CN=second", shown(server));
            Files.delete(key);
            Thread.sleep(1500);
            assertEquals("CN=second", shown(server));
            Certificates fourth = ROOT.issue("fourth", "EC");
            fourth.writeCertificate(certificate);
            fourth.writeKey(key);
            Await.until(() -> shown(server).equals("CN=fourth"), "it does not recover from a broken file");
            assertTrue(askKept(kept).startsWith("HTTP/1.1 200 "), "an open connection was cut");
        }
    }

    @Test
    void clientCertificates() throws Exception {
        Certificates clients = Certificates.root("clients");
        Map<String, Object> settings = settings(ROOT.issue("localhost", "EC"));
        settings.put(
                "tlsClientCa",
                clients.writeCertificate(folder.resolve("clients.crt")).toString());
        Certificates right = clients.issue("me", "RSA");
        Certificates wrong = Certificates.root("others").issue("me", "EC");
        try (TestServer server = new TestServer(settings)) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                assertEquals(200, infer(client(version, right), server).statusCode());
                assertThrows(IOException.class, () -> infer(client(version, null), server));
                assertThrows(IOException.class, () -> infer(client(version, wrong), server));
            }
        }
        settings.put("tlsClientAuth", "optional");
        try (TestServer server = new TestServer(settings)) {
            HttpClient.Version version = HttpClient.Version.HTTP_1_1;
            assertEquals(200, infer(client(version, right), server).statusCode());
            assertEquals(200, infer(client(version, null), server).statusCode());
        }
    }

    private static String refusal(Map<String, Object> settings) {
        FakeModels models = new FakeModels();
        return assertThrows(
                        HttpStartException.class,
                        () -> HttpEndpoint.start(TestServer.config(settings), models, models, "1", null))
                .getMessage();
    }

    @Test
    void keyOfAnotherCertificate() throws IOException {
        Map<String, Object> settings = settings(ROOT.issue("localhost", "EC"));
        ROOT.issue("localhost", "EC").writeKey(key);
        String message = refusal(settings);
        assertTrue(message.contains(key.toString()) && message.contains(certificate.toString()), message);
        assertTrue(message.contains("is not the key of the certificate"), message);
        ROOT.issue("localhost", "RSA").writeKey(key);
        assertEquals(message, refusal(settings));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY"})
    void oldKeysSayHowToConvert(String label) throws IOException {
        Map<String, Object> settings = settings(ROOT.issue("localhost", "EC"));
        Files.writeString(key, "-----BEGIN " + label + "-----\nProc-Type: 4\n\nAAAA\n-----END " + label + "-----\n");
        String message = refusal(settings);
        assertTrue(message.contains("openssl pkcs8 -topk8 -nocrypt -in " + key), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                       | has no private key",
                "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----                 | PKCS#8",
                "-----BEGIN PRIVATE KEY-----A-----END PRIVATE KEY-----                    | base64",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----AAAA-----END ENCRYPTED PRIVATE KEY----- | encrypted",
                "-----BEGIN PRIVATE KEY-----AAAA                                          | has no private key",
            })
    void brokenKeys(String content, String part) throws IOException {
        Map<String, Object> settings = settings(ROOT.issue("localhost", "EC"));
        Files.writeString(key, content);
        String message = refusal(settings);
        assertTrue(message.contains(part) && message.contains(key.toString()), message);
    }

    @Test
    void brokenCertificates() throws IOException {
        Map<String, Object> settings = settings(ROOT.issue("localhost", "EC"));
        Files.writeString(certificate, Certificates.pem("CERTIFICATE", new byte[] {1, 2, 3}));
        assertTrue(refusal(settings).contains("cannot be read"));
        Files.writeString(certificate, "nothing");
        assertTrue(refusal(settings).contains("has no certificate"));
        Files.delete(certificate);
        assertTrue(refusal(settings).contains(certificate.toString()));
    }

    @Test
    void settingsThatDoNotFit() throws IOException {
        Map<String, Object> settings = settings(ROOT.issue("localhost", "EC"));
        assertTrue(refusal(Map.of("tlsCertificate", certificate.toString())).contains("--tls-key"));
        assertTrue(refusal(Map.of("tlsClientCa", certificate.toString())).contains("--tls-certificate"));
        settings.put("tlsClientAuth", "perhaps");
        assertTrue(refusal(settings).contains("required or optional"));
    }
}
