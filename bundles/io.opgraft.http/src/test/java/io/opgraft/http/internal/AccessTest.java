package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final String CONTROL = "control-token-0123456789";
    private static final String INFER = "inference-token-0123456789";

    private static final List<String> READ_ROUTES = List.of(
            "GET /v2",
            "HEAD /v2",
            "GET /v2/health/live",
            "GET /v2/health/ready",
            "GET /v2/wiring",
            "GET /v2/models/stats",
            "GET /v2/models/simple",
            "GET /v2/models/simple/versions/1",
            "GET /v2/models/simple/ready",
            "GET /v2/models/simple/config",
            "GET /v2/models/simple/wiring",
            "GET /v2/models/simple/bom",
            "GET /v2/models/simple/stats",
            "POST /v2/repository/index",
            "OPTIONS /v2/repository/models/simple/load");

    private static final List<String> INFER_ROUTES = List.of(
            "POST /v2/models/identity_INT8/infer",
            "POST /v2/models/identity_INT8/versions/1/infer",
            "POST /v2/models/%69dentity_INT8/infer/",
            "POST //v2/models/identity_INT8/infer");

    /** The same operation by every spelling of its path that is understood. */
    private static final List<String> CONTROL_ROUTES = List.of(
            "POST /v2/repository/models/simple/load",
            "POST /v2/repository/models/simple/load/",
            "POST /v2/repository/models/%73imple/%6coad?x=y",
            "POST /v2/repository/models/identity_FP32/unload",
            "POST /v2/repository/models/identity_FP64/%75nload/");

    private static final List<String> WRONG = List.of(
            "Bearer wrong-token-0123456789",
            "Bearer " + CONTROL + "x",
            "Bearer " + CONTROL.substring(1),
            "Bearer",
            "Bearer ",
            "Basic " + CONTROL,
            CONTROL,
            "Bearer " + CONTROL + ", Bearer " + CONTROL);

    @TempDir
    private Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static HttpResponse<String> ask(TestServer server, String route, String authorization) {
        int space = route.indexOf(' ');
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(route.substring(space + 1)))
                .method(route.substring(0, space), HttpRequest.BodyPublishers.ofString(""));
        if (route.endsWith("infer") || route.endsWith("infer/")) {
            request.header(InferOperation.HEADER_LENGTH, "0")
                    .method("POST", HttpRequest.BodyPublishers.ofByteArray(new byte[3]));
        }
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return server.send(request.build());
    }

    private static void assertRefused(int status, HttpResponse<String> answer, String what) {
        assertEquals(status, answer.statusCode(), what + ": " + answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        assertEquals(Optional.of("application/json"), answer.headers().firstValue("Content-Type"));
        String challenge = answer.headers().firstValue("WWW-Authenticate").orElse("");
        assertTrue(challenge.startsWith("Bearer realm=\"opgraft\""), what + ": " + challenge);
        assertFalse(answer.body().contains("0123456789"), answer.body());
    }

    private static void assertAllowed(HttpResponse<String> answer, String what) {
        assertEquals(200, answer.statusCode(), what + ": " + answer.body());
    }

    @Test
    void controlNeedsItsToken() throws IOException {
        Path tokens = file("tokens", "# for the pipeline\n\n" + CONTROL + "\nanother-token-0123456789\n");
        try (TestServer server = new TestServer(Map.of("tokenFile", tokens.toString()))) {
            for (String route : CONTROL_ROUTES) {
                assertRefused(401, ask(server, route, null), route);
                for (String wrong : WRONG) {
                    assertRefused(401, ask(server, route, wrong), route + " with " + wrong);
                }
            }
            assertAllowed(server.get("/v2/models/identity_FP32"), "no refused request has had an effect");
            for (String route : CONTROL_ROUTES) {
                assertAllowed(ask(server, route, "bearer  " + CONTROL), route);
            }
            assertAllowed(ask(server, CONTROL_ROUTES.get(0), "Bearer another-token-0123456789"), "another");
            for (String route : READ_ROUTES) {
                assertAllowed(ask(server, route, null), route);
                assertAllowed(ask(server, route, WRONG.get(0)), route);
            }
            assertAllowed(ask(server, INFER_ROUTES.get(0), null), "inference");
        }
    }

    @Test
    void inferenceNeedsATokenIfThereIsOneForIt() throws IOException {
        Map<String, Object> settings = Map.of(
                "tokenFile", file("tokens", CONTROL).toString(),
                "inferenceTokenFile", file("users", INFER).toString());
        try (TestServer server = new TestServer(settings)) {
            for (String route : INFER_ROUTES.subList(0, 3)) {
                assertRefused(401, ask(server, route, null), route);
                for (String wrong : WRONG) {
                    assertRefused(401, ask(server, route, wrong), route + " with " + wrong);
                }
                assertAllowed(ask(server, route, "Bearer " + INFER), route);
                assertAllowed(ask(server, route, "Bearer " + CONTROL), route);
            }
            assertNotEquals(200, ask(server, INFER_ROUTES.get(3), null).statusCode());
            for (String route : CONTROL_ROUTES) {
                assertRefused(403, ask(server, route, "Bearer " + INFER), route);
                assertRefused(401, ask(server, route, null), route);
            }
            for (String route : READ_ROUTES) {
                assertAllowed(ask(server, route, null), route);
            }
            assertEquals(0, server.models.open.get());
        }
    }

    /** Refused with its body unread; the connection goes on. */
    @Test
    void largeRequestWithoutAToken() throws IOException {
        Map<String, Object> settings =
                Map.of("inferenceTokenFile", file("users", INFER).toString());
        try (TestServer server = new TestServer(settings)) {
            HttpRequest request = server.binary("identity_INT8", "", new byte[1 << 20])
                    .version(java.net.http.HttpClient.Version.HTTP_1_1)
                    .build();
            assertRefused(401, server.send(request), "large");
            assertEquals(0, server.models.allocated.get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Forwarded: for=10.0.0.1",
                "X-Forwarded-For: 10.0.0.1",
                "Via: 1.1 p"
            })
    void withoutTokensControlIsForLocalProgramsOnly(String header) throws IOException {
        try (TestServer server = new TestServer()) {
            for (String route : CONTROL_ROUTES) {
                String answer = server.raw(route + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + header
                        + "\r\nConnection: close\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
                assertTrue(answer.contains("--token-file"), answer);
            }
            for (String route : CONTROL_ROUTES) {
                assertAllowed(ask(server, route, null), route);
            }
        }
    }

    @Test
    void withoutTokensControlIsNotForOtherMachines() throws IOException {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
                .findFirst();
        assumeTrue(own.isPresent(), "this machine has no address but loopback");
        try (TestServer server = new TestServer(Map.of("address", "0.0.0.0"))) {
            String base = "http://" + own.get().getHostAddress() + ":"
                    + server.endpoint.uri().getPort();
            for (String route : CONTROL_ROUTES) {
                HttpResponse<String> answer = server.send(HttpRequest.newBuilder(URI.create(base + route.substring(5)))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build());
                assertEquals(403, answer.statusCode(), answer.body());
            }
            HttpResponse<String> answer = server.send(HttpRequest.newBuilder(URI.create(base + "/v2/models/simple"))
                    .build());
            assertEquals(200, answer.statusCode());
        }
    }

    @Test
    void tokensCanBeExchanged() throws Exception {
        Path tokens = file("tokens", CONTROL);
        try (TestServer server = new TestServer(Map.of("tokenFile", tokens.toString()))) {
            String route = CONTROL_ROUTES.get(0);
            assertAllowed(ask(server, route, "Bearer " + CONTROL), route);
            file("tokens", "second-token-0123456789");
            Await.until(
                    () -> ask(server, route, "Bearer second-token-0123456789").statusCode() == 200,
                    "the new token is not known");
            assertRefused(401, ask(server, route, "Bearer " + CONTROL), route);
            file("tokens", "");
            Thread.sleep(1500);
            assertAllowed(
                    ask(server, route, "Bearer second-token-0123456789"), "a file without tokens changes nothing");
        }
    }

    @Test
    void listensOnLoopbackByDefault() {
        assertEquals("127.0.0.1", TestServer.config(Map.of()).address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "short\n", "with a space in the token\n", "quote\"quote\"quote\"\n"})
    void filesWithoutATokenAreRefused(String content) throws IOException {
        Path tokens = file("tokens", content);
        FakeModels models = new FakeModels();
        String message = assertThrows(
                        HttpStartException.class,
                        () -> HttpEndpoint.start(
                                TestServer.config(Map.of("tokenFile", tokens.toString())), models, models, "1", null))
                .getMessage();
        assertTrue(message.contains(tokens.toString()), message);
        assertFalse(!content.isBlank() && message.contains(content.trim()), message);
    }

    @Test
    void noFile() {
        FakeModels models = new FakeModels();
        String file = folder.resolve("none").toString();
        String message = assertThrows(
                        HttpStartException.class,
                        () -> HttpEndpoint.start(
                                TestServer.config(Map.of("tokenFile", file)), models, models, "1", null))
                .getMessage();
        assertTrue(message.contains(file), message);
    }
}
