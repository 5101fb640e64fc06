package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferBinaryTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingStaysOpen() throws InterruptedException {
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        return buffer.array();
    }

    private static int[] sixteen(int value) {
        int[] values = new int[16];
        Arrays.fill(values, value);
        return values;
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    private static String binaryInput(String name, String type, String shape, long size) {
        return "{\"name\":\"" + name + "\",\"datatype\":\"" + type + "\",\"shape\":" + shape
                + ",\"parameters\":{\"binary_data_size\":" + size + "}}";
    }

    private static String simple(String more) {
        return "{\"inputs\":[" + binaryInput("INPUT0", "INT32", "[1,16]", 64) + ","
                + binaryInput("INPUT1", "INT32", "[1,16]", 64) + "]" + more + "}";
    }

    private static byte[] tail() {
        return join(ints(sixteen(5)), ints(sixteen(3)));
    }

    /** The JSON part and the bytes after it. */
    private static final class Parts {
        private final String json;
        private final byte[] tail;

        private Parts(String json, byte[] tail) {
            this.json = json;
            this.tail = tail;
        }

        static Parts of(HttpResponse<byte[]> answer) {
            byte[] body = answer.body();
            assertEquals(200, answer.statusCode(), new String(body, StandardCharsets.UTF_8));
            int head = (int) answer.headers()
                    .firstValueAsLong(InferOperation.HEADER_LENGTH)
                    .orElse(body.length);
            return new Parts(
                    new String(body, 0, head, StandardCharsets.UTF_8), Arrays.copyOfRange(body, head, body.length));
        }

        String json() {
            return json;
        }

        byte[] tail() {
            return tail;
        }
    }

    @Test
    void binaryInJsonOut() {
        HttpResponse<String> answer =
                server.send(server.binary("simple", simple(""), tail()).build());
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("[8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8]"), answer.body());
        assertTrue(answer.body().contains("[2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2]"), answer.body());
    }

    @Test
    void allOutputsBinary() {
        Parts parts = Parts.of(server.sendBytes(
                server.binary("simple", simple(",\"parameters\":{\"binary_data_output\":true}"), tail())
                        .build()));
        assertEquals(
                "{\"model_name\":\"simple\",\"model_version\":\"1\",\"outputs\":["
                        + "{\"name\":\"OUTPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16],"
                        + "\"parameters\":{\"binary_data_size\":64}},"
                        + "{\"name\":\"OUTPUT1\",\"datatype\":\"INT32\",\"shape\":[1,16],"
                        + "\"parameters\":{\"binary_data_size\":64}}]}",
                parts.json());
        assertArrayEquals(join(ints(sixteen(8)), ints(sixteen(2))), parts.tail());
    }

    @Test
    void eachOutputAsAskedFor() {
        HttpResponse<byte[]> answer = server.sendBytes(server.binary(
                        "simple",
                        simple(",\"parameters\":{\"binary_data_output\":true},\"outputs\":["
                                + "{\"name\":\"OUTPUT1\"},"
                                + "{\"name\":\"OUTPUT0\",\"parameters\":{\"binary_data\":false}}]"),
                        tail())
                .build());
        Parts parts = Parts.of(answer);
        assertTrue(parts.json().contains("\"data\":[8,8"), parts.json());
        assertTrue(parts.json().indexOf("OUTPUT1") < parts.json().indexOf("OUTPUT0"), parts.json());
        assertArrayEquals(ints(sixteen(2)), parts.tail());
        assertEquals(
                "application/octet-stream",
                answer.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(answer.headers().firstValue("Opgraft-Ops").isPresent());
    }

    @Test
    void jsonAndBinaryInputsInOneRequest() {
        String json = "{\"inputs\":[" + binaryInput("INPUT1", "INT32", "[1,16]", 64)
                + ",{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":"
                + Arrays.toString(sixteen(9)) + "}]}";
        HttpResponse<String> answer =
                server.send(server.binary("simple", json, ints(sixteen(4))).build());
        assertTrue(answer.body().contains("[13,13"), answer.body());
        assertTrue(answer.body().contains("[5,5"), answer.body());
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void everyDatatypeComesBackExactly(DataType type) {
        byte[] content = new byte[type == DataType.BYTES ? 0 : 5 * type.size()];
        new Random(1).nextBytes(content);
        if (type == DataType.BOOL) {
            content = new byte[] {1, 0, 0, 1, 1};
        } else if (type == DataType.BYTES) {
            content =
                    join(ints(3), new byte[] {0, -1, (byte) 0x80}, ints(0), ints(1), new byte[] {65}, ints(0), ints(0));
        }
        String json = "{\"inputs\":[" + binaryInput("INPUT0", type.name(), "[5]", content.length)
                + "],\"outputs\":[{\"name\":\"OUTPUT0\",\"parameters\":{\"binary_data\":true}}]}";
        Parts parts = Parts.of(server.sendBytes(
                server.binary("identity_" + type, json, content).build()));
        assertArrayEquals(content, parts.tail());
    }

    @ParameterizedTest
    @ValueSource(ints = {16 << 10, (16 << 10) + 1, 512 << 10, (512 << 10) + 1, 20 << 20})
    void tensorsThatAreWrittenInPieces(int size) {
        byte[] content = new byte[size];
        new Random(2).nextBytes(content);
        String json = "{\"inputs\":[" + binaryInput("INPUT0", "UINT8", "[" + content.length + "]", content.length)
                + "],\"parameters\":{\"binary_data_output\":true}}";
        Parts parts = Parts.of(
                server.sendBytes(server.binary("identity_UINT8", json, content).build()));
        assertArrayEquals(content, parts.tail());
    }

    @Test
    void largeJsonOverManyBuffers() {
        String text = "x".repeat(300_000);
        HttpResponse<String> answer = server.infer(
                "identity_BYTES",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"a\",\"" + text
                        + "\"]}]}");
        assertTrue(answer.body().contains("\"" + text + "\""));
    }

    @Test
    void textThatIsNoUtf8() {
        byte[] content = join(ints(1), new byte[] {65}, ints(2), new byte[] {(byte) 0xc3, 0x28});
        String json = "{\"inputs\":[" + binaryInput("INPUT0", "BYTES", "[2]", content.length) + "]}";
        HttpResponse<String> answer =
                server.send(server.binary("identity_BYTES", json, content).build());
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("output 'OUTPUT0': string 1 is not UTF-8 text"), answer.body());
        assertTrue(answer.body().contains("\\\"binary_data\\\": true"), answer.body());
    }

    @Test
    void rawRequest() {
        HttpResponse<byte[]> answer = server.sendBytes(
                server.binary("identity_INT32", "", ints(1, 2, 3)).build());
        Parts parts = Parts.of(answer);
        assertTrue(parts.json().contains("\"shape\":[3]"), parts.json());
        assertArrayEquals(ints(1, 2, 3), parts.tail());
        parts = Parts.of(
                server.sendBytes(server.binary("identity_FP32", "", new byte[0]).build()));
        assertTrue(parts.json().contains("\"shape\":[0]"), parts.json());
        // One string, to which the server gives its length.
        parts = Parts.of(server.sendBytes(
                server.binary("identity_BYTES", "", new byte[] {1, 2, 0}).build()));
        assertArrayEquals(join(ints(3), new byte[] {1, 2, 0}), parts.tail());
    }

    @Test
    void rawRequestsThatDoNotFit() {
        refused(server.binary("simple", "", tail()), "needs a model with one input; model 'simple' has 2");
        refused(server.binary("identity_INT32", "", new byte[6]), "does not fit a body of 6 bytes");
        server.models.add(FakeModel.identity("two_open", DataType.INT8, Shape.of(-1, -1)));
        refused(server.binary("two_open", "", new byte[6]), "more than one open dimension");
        server.models.add(FakeModel.identity("fixed", DataType.INT8, Shape.of(2, 2)));
        refused(server.binary("fixed", "", new byte[6]), "does not fit a body of 6 bytes");
        assertEquals(
                200,
                server.send(server.binary("fixed", "", new byte[4]).build()).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0x58", "-1", "+5", "1.0", "99999999999999999999", "5, 5", " "})
    void wrongHeaderLength(String value) {
        refused(
                HttpRequest.newBuilder(server.uri("/v2/models/simple/infer"))
                        .header(InferOperation.HEADER_LENGTH, value)
                        .POST(HttpRequest.BodyPublishers.ofString(simple(""))),
                "Inference-Header-Content-Length must be one decimal number");
    }

    @Test
    void headerLengthBeyondTheBody() {
        refused(
                HttpRequest.newBuilder(server.uri("/v2/models/simple/infer"))
                        .header(InferOperation.HEADER_LENGTH, "1000")
                        .POST(HttpRequest.BodyPublishers.ofString("{}")),
                "is 1000, but the body has only 2 bytes");
    }

    @Test
    void headerLengthInsideTheJson() {
        refused(
                HttpRequest.newBuilder(server.uri("/v2/models/simple/infer"))
                        .header(InferOperation.HEADER_LENGTH, "10")
                        .POST(HttpRequest.BodyPublishers.ofString(simple(""))),
                "not valid JSON");
    }

    @Test
    void sizesThatDisagree() {
        int before = server.models.allocated.get();
        byte[] short1 = new byte[127];
        refused(server.binary("simple", simple(""), short1), "announce 128 bytes of binary data, but the body has 127");
        refused(server.binary("simple", simple(""), new byte[129]), "the body has 129");
        refused(server.binary("simple", simple(""), new byte[0]), "the body has 0");
        String wrong = simple("").replace(":64", ":60");
        refused(server.binary("simple", wrong, new byte[120]), "shape [1,16] of INT32 needs 64 bytes");
        String none = "{\"inputs\":[" + binaryInput("INPUT0", "INT32", "[1,16]", 64) + "]}";
        refused(server.binary("simple", none, new byte[64]), "input 'INPUT1' is missing");
        String huge = "{\"inputs\":[" + binaryInput("INPUT0", "FP64", "[1099511627776]", 8796093022208L) + "]}";
        HttpResponse<String> answer =
                server.send(server.binary("identity_FP64", huge, new byte[8]).build());
        assertEquals(413, answer.statusCode(), answer.body());
        String wraps = "{\"inputs\":[" + binaryInput("INPUT0", "FP64", "[8589934592,8589934592]", 0) + "]}";
        refused(server.binary("identity_FP64", wraps, new byte[0]), "is too large");
        assertEquals(before + 1, server.models.allocated.get());
    }

    @Test
    void both() {
        String json = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT8\",\"shape\":[1],\"data\":[1],"
                + "\"parameters\":{\"binary_data_size\":1}}]}";
        refused(server.binary("identity_INT8", json, new byte[1]), "has both 'data' and 'binary_data_size'");
    }

    @Test
    void damagedStrings() {
        for (byte[] content : new byte[][] {
            join(ints(5), new byte[] {1}, ints(0)),
            join(ints(-1), new byte[] {1, 2, 3, 4}),
            join(ints(0), ints(0), new byte[] {1}),
            join(ints(4), new byte[] {1, 2, 3, 4}),
        }) {
            String json = "{\"inputs\":[" + binaryInput("INPUT0", "BYTES", "[2]", content.length) + "]}";
            refused(server.binary("identity_BYTES", json, content), "input 'INPUT0'");
        }
        String json = "{\"inputs\":[" + binaryInput("INPUT0", "BYTES", "[1000000]", 8) + "]}";
        refused(server.binary("identity_BYTES", json, new byte[8]), "needs 1000000 strings with 4 bytes");
    }

    @Test
    void damagedBooleans() {
        for (int at : new int[] {0, 7, 8, 10}) {
            byte[] content = new byte[11];
            content[at] = 2;
            String json = "{\"inputs\":[" + binaryInput("INPUT0", "BOOL", "[11]", 11) + "]}";
            refused(server.binary("identity_BOOL", json, content), "has bytes other than 0 and 1");
            refused(server.binary("identity_BOOL", "", content), "has bytes other than 0 and 1");
        }
    }

    @Test
    void rawRequestOfUnknownLength() {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/v2/models/identity_BYTES/infer"))
                .header(InferOperation.HEADER_LENGTH, "0")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[100_000])))
                .build();
        assertArrayEquals(
                join(ints(100_000), new byte[100_000]),
                Parts.of(server.sendBytes(request)).tail());
    }

    @Test
    void failuresOfTheModel() {
        server.models.add(FakeModel.of("fails", DataType.INT8, Shape.of(-1), inputs -> {
            throw new InferenceException("op Foo: boom", false);
        }));
        server.models.add(FakeModel.of("broken", DataType.INT8, Shape.of(-1), inputs -> {
            throw new OutOfMemoryError("made up");
        }));
        server.models.add(FakeModel.of("bug", DataType.INT8, Shape.of(-1), inputs -> {
            throw new StackOverflowError("made up");
        }));
        assertEquals(
                500, server.send(server.binary("bug", "", new byte[1]).build()).statusCode());
        HttpResponse<String> answer =
                server.send(server.binary("fails", "", new byte[1]).build());
        assertEquals(500, answer.statusCode());
        assertEquals("{\"error\":\"op Foo: boom\"}", answer.body());
        answer = server.send(server.binary("broken", "", new byte[1]).build());
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("not enough memory"), answer.body());
    }

    private static void refused(HttpRequest.Builder request, String text) {
        HttpResponse<String> answer = server.send(request.build());
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        assertTrue(answer.body().contains(text), answer.body());
    }
}
