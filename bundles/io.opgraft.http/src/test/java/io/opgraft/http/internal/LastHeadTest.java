package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.models.ModelMetadata;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Attributes;
import org.junit.jupiter.api.Test;

class LastHeadTest {
    private static final ModelMetadata MODEL =
            FakeModel.identity("m", DataType.INT32, Shape.of(-1)).metadata();

    private final Attributes connection = new Attributes.Mapped();
    private final InferHead head = new InferHead();

    private void keep(String json) {
        try (Segments segments = NumberTests.segments(json)) {
            LastHead.keep(connection, segments, MODEL, head);
        }
    }

    private LastHead find(String bytes, int length) {
        return LastHead.find(connection, ByteBuffer.wrap(bytes.getBytes(StandardCharsets.US_ASCII)), length);
    }

    @Test
    void onlyTheSameBytesAreFound() {
        assertNull(find("{12}", 4));
        keep("{12}");
        assertSame(head, find("{12}data", 4).head(MODEL));
        assertNull(find("{13}data", 4));
        assertNull(find("{12}data", 5));
        assertNull(find("{12}data", 3));
        keep("{13}");
        assertNull(find("{12}data", 4));
        assertNotNull(find("{13}data", 4));
    }

    @Test
    void anotherInstanceReadsItAnew() {
        keep("{12}");
        ModelMetadata next =
                FakeModel.identity("m", DataType.INT32, Shape.of(-1)).metadata();
        assertNull(find("{12}", 4).head(next));
    }

    @Test
    void neitherDataNorMuchIsKept() {
        keep("x".repeat(1025));
        assertNull(find("x".repeat(1025), 1025));
        keep("x".repeat(1024));
        assertNotNull(find("x".repeat(1024), 1024));
        head.hasData = true;
        keep("{12}");
        assertNull(find("{12}", 4));
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        return buffer.array();
    }

    private static String json(int first, String more) {
        return "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[3],\"parameters\":"
                + "{\"binary_data_size\":12}}" + more + "],\"id\":\"" + first + "\"}";
    }

    private static String infer(String json, byte[] tail) {
        return "POST /v2/models/identity_INT32/infer HTTP/1.1\r\nHost: x\r\n" + InferOperation.HEADER_LENGTH + ": "
                + json.length() + "\r\n" + HttpHeader.CONTENT_LENGTH + ": " + (json.length() + tail.length) + "\r\n\r\n"
                + json + new String(tail, StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyRequestOfAConnectionGetsItsOwnAnswer() throws Exception {
        try (TestServer server = new TestServer()) {
            String requests = IntStream.range(0, 8)
                    .mapToObj(i -> infer(json(i / 3, ""), ints(i, 2 * i, 3 * i)))
                    .collect(Collectors.joining());
            String last = infer(json(2, ""), ints(1, 2, 3)).replace("Host: x", "Host: x\r\nConnection: close");
            String[] answers = server.raw(requests + last).split("HTTP/1.1 ", -1);
            assertEquals(10, answers.length);
            for (int i = 0; i < 8; i++) {
                String answer = answers[i + 1];
                assertEquals("200", answer.substring(0, 3), answer);
                assertTrue(answer.contains("\"id\":\"" + i / 3 + "\""), answer);
                assertTrue(answer.endsWith("\"data\":[" + i + "," + 2 * i + "," + 3 * i + "]}]}"), answer);
            }
            assertTrue(answers[9].endsWith("\"data\":[1,2,3]}]}"), answers[9]);
            // What is wrong stays wrong when it comes again.
            String wrong = infer(json(1, ",{}"), ints(1, 2, 3));
            assertEquals(
                    3,
                    server.raw(wrong + wrong.replace("Host: x", "Host: x\r\nConnection: close"))
                            .split("HTTP/1.1 400 ", -1)
                            .length);
        }
    }

    @Test
    void aModelThatChangedIsAskedAgain() throws Exception {
        try (TestServer server = new TestServer()) {
            server.models.add(FakeModel.identity("m", DataType.INT32, Shape.of(-1)));
            byte[] tail = ints(1, 2, 3);
            assertEquals(
                    200,
                    server.sendBytes(server.binary("m", json(1, ""), tail).build())
                            .statusCode());
            server.models.add(FakeModel.identity("m", DataType.FP32, Shape.of(-1)));
            assertEquals(
                    400,
                    server.sendBytes(server.binary("m", json(1, ""), tail).build())
                            .statusCode());
        }
    }
}
