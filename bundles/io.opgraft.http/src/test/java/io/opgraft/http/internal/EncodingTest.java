package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingTest {
    private static final String JSON =
            "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[3],\"data\":[7,8,9]}]}";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of("maxRequestBytes", 1L << 20));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingStaysOpen() throws InterruptedException {
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean bare) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate =
                new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, bare))) {
            deflate.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static HttpResponse<String> post(String encoding, byte[] body) {
        return server.send(HttpRequest.newBuilder(server.uri("/v2/models/identity_INT32/infer"))
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    @Test
    void requests() throws IOException {
        for (HttpResponse<String> answer : List.of(
                post("gzip", gzip(bytes(JSON))),
                post("GZIP", gzip(bytes(JSON))),
                post("x-gzip", gzip(bytes(JSON))),
                post("deflate", deflate(bytes(JSON), false)),
                post("deflate", deflate(bytes(JSON), true)),
                post("identity", bytes(JSON)))) {
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("[7,8,9]"), answer.body());
        }
    }

    @Test
    void everyMemberOfGzip() throws IOException {
        byte[] body = join(
                gzip(bytes(JSON.substring(0, 20))),
                gzip(new byte[0]),
                gzip(bytes(JSON.substring(20, 21))),
                gzip(bytes(JSON.substring(21))));
        assertTrue(post("gzip", body).body().contains("[7,8,9]"));
    }

    @Test
    void everyFieldOfAGzipHeader() {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(bytes(JSON));
        deflater.finish();
        byte[] packed = new byte[1000];
        int n = deflater.deflate(packed);
        deflater.end();
        CRC32 crc = new CRC32();
        crc.update(bytes(JSON));
        byte[] header = {0x1f, (byte) 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 'c', 0, 5, 6};
        int c = (int) crc.getValue();
        int l = JSON.length();
        byte[] trailer = {(byte) c, (byte) (c >> 8), (byte) (c >> 16), (byte) (c >> 24), (byte) l, (byte) (l >> 8), 0, 0
        };
        HttpResponse<String> answer = post("gzip", join(header, Arrays.copyOf(packed, n), trailer));
        assertEquals(200, answer.statusCode(), answer.body());
    }

    @Test
    void binaryRequestsBothWays() throws IOException {
        byte[] tail = new byte[40_000];
        new Random(3).nextBytes(tail);
        String json = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"UINT8\",\"shape\":[40000],"
                + "\"parameters\":{\"binary_data_size\":40000}}],\"parameters\":{\"binary_data_output\":true}}";
        for (String coding : new String[] {"gzip", "deflate"}) {
            byte[] plain = join(bytes(json), tail);
            HttpResponse<byte[]> answer =
                    server.sendBytes(HttpRequest.newBuilder(server.uri("/v2/models/identity_UINT8/infer"))
                            .header("Content-Encoding", coding)
                            .header("Accept-Encoding", coding)
                            .header(InferOperation.HEADER_LENGTH, Integer.toString(json.length()))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(
                                    coding.equals("gzip") ? gzip(plain) : deflate(plain, false)))
                            .build());
            assertEquals(200, answer.statusCode());
            assertEquals(coding, answer.headers().firstValue("Content-Encoding").orElseThrow());
            byte[] body = (coding.equals("gzip")
                            ? new GZIPInputStream(new ByteArrayInputStream(answer.body()))
                            : new InflaterInputStream(new ByteArrayInputStream(answer.body())))
                    .readAllBytes();
            int head = (int) answer.headers()
                    .firstValueAsLong(InferOperation.HEADER_LENGTH)
                    .orElseThrow();
            assertTrue(new String(body, 0, head, StandardCharsets.UTF_8).endsWith("}}]}"));
            assertArrayEquals(tail, Arrays.copyOfRange(body, head, body.length));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|gzip",
                "deflate, gzip|deflate",
                "br, gzip;q=0.5|gzip",
                "gzip;q=0.1, deflate;q=0.9|deflate",
                "gzip;q=0|",
                "identity, gzip;q=0.5|",
                "br|",
                "*;q=0|",
                "|",
            })
    void acceptEncoding(String accepted, String expected) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/v2/models/identity_INT32/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(JSON));
        if (accepted != null) {
            request.header("Accept-Encoding", accepted);
        }
        HttpResponse<byte[]> answer = server.sendBytes(request.build());
        assertEquals(200, answer.statusCode());
        assertEquals(expected, answer.headers().firstValue("Content-Encoding").orElse(null));
    }

    @Test
    void damaged() throws IOException {
        byte[] good = gzip(bytes(JSON));
        for (int cut = 0; cut < good.length; cut++) {
            assertEquals(400, post("gzip", Arrays.copyOf(good, cut)).statusCode(), "cut at " + cut);
        }
        for (int at : new int[] {0, 1, 2, good.length - 1, good.length - 5, good.length / 2}) {
            byte[] wrong = good.clone();
            wrong[at] ^= 0x55;
            HttpResponse<String> answer = post("gzip", wrong);
            assertEquals(400, answer.statusCode(), "changed at " + at + ": " + answer.body());
        }
        HttpResponse<String> answer = post("gzip", join(good, new byte[] {1, 2, 3}));
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("the gzip body is damaged: no gzip header"), answer.body());
        byte[] deflated = deflate(bytes(JSON), false);
        assertEquals(
                400,
                post("deflate", Arrays.copyOf(deflated, deflated.length - 3)).statusCode());
        assertEquals(400, post("deflate", join(deflated, new byte[1])).statusCode());
        assertEquals(400, post("deflate", bytes("nonsense")).statusCode());
    }

    @Test
    void bombs() throws IOException {
        byte[] zeros = new byte[8 << 20];
        HttpResponse<String> answer = post("gzip", gzip(zeros));
        assertEquals(413, answer.statusCode(), answer.body());
        assertEquals(413, post("deflate", deflate(zeros, true)).statusCode());
        byte[] member = gzip(new byte[64 << 10]);
        byte[][] members = new byte[17][];
        Arrays.fill(members, member);
        assertEquals(413, post("gzip", join(members)).statusCode());
    }

    @Test
    void otherCodings() {
        HttpResponse<String> answer = post("br", bytes(JSON));
        assertEquals(501, answer.statusCode());
        assertTrue(
                answer.body().contains("Content-Encoding 'br' is not supported by this server: use gzip"),
                answer.body());
        assertEquals(501, post("gzip, gzip", bytes(JSON)).statusCode());
    }
}
