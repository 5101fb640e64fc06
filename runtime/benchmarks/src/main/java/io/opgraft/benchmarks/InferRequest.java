package io.opgraft.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.StringJoiner;

/** A request to the identity model, as bytes on the wire, and the check of its answer. */
final class InferRequest {
    static final String MODEL = "identity_fp32";

    private static final String HEADER_LENGTH = "Inference-Header-Content-Length: ";

    private final String model;
    private final String fields;
    private final byte[] body;
    private final float[] values;
    private final boolean binary;

    private InferRequest(String model, String fields, byte[] body, float[] values, boolean binary) {
        this.model = model;
        this.fields = fields;
        this.body = body;
        this.values = values;
        this.binary = binary;
    }

    /** Floats in the binary form, both ways. */
    static InferRequest binary(int floats) {
        return binary(MODEL, floats);
    }

    /** Floats for a model with one input and one output, in the binary form, both ways. */
    static InferRequest binary(String model, long... shape) {
        int floats = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = values(floats);
        byte[] json = ("{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":"
                        + Arrays.toString(shape).replace(" ", "") + ",\"parameters\":{\"binary_data_size\":"
                        + floats * Float.BYTES
                        + "}}],\"outputs\":[{\"name\":\"OUTPUT0\",\"parameters\":{\"binary_data\":true}}]}")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer body = ByteBuffer.allocate(json.length + floats * Float.BYTES);
        body.put(json).put(bytes(values));
        String fields = "Content-Type: application/octet-stream\r\n" + HEADER_LENGTH + json.length + "\r\n";
        return new InferRequest(model, fields, body.array(), values, true);
    }

    /** Floats as JSON, both ways. */
    static InferRequest json(int floats) {
        float[] values = values(floats);
        StringJoiner data = new StringJoiner(",");
        for (float value : values) {
            data.add(Float.toString(value));
        }
        byte[] body = ("{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[" + floats + "],\"data\":["
                        + data + "]}]}")
                .getBytes(StandardCharsets.US_ASCII);
        return new InferRequest(MODEL, "Content-Type: application/json\r\n", body, values, false);
    }

    /** The whole request, in memory that a socket reads without a copy. */
    ByteBuffer wire() {
        byte[] head = ("POST /v2/models/" + model + "/infer HTTP/1.1\r\nHost: localhost\r\n" + fields
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(head.length + body.length)
                .put(head)
                .put(body)
                .flip();
    }

    /** Whether the body of an answer has the same floats. */
    boolean isAnsweredBy(byte[] answer) throws IOException {
        if (binary) {
            byte[] expected = bytes(values);
            int start = answer.length - expected.length;
            return start > 0
                    && Arrays.equals(answer, start, answer.length, expected, 0, expected.length)
                    && new String(answer, 0, start, StandardCharsets.UTF_8).contains("\"OUTPUT0\"");
        }
        int next = 0;
        try (JsonParser parser = new JsonFactory().createParser(answer)) {
            boolean data = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    data = parser.currentName().equals("data");
                } else if (data && token.isNumeric()) {
                    // The next float to the one that was sent would be a wrong answer, so no tolerance.
                    if (next == values.length || Float.parseFloat(parser.getText()) != values[next++]) {
                        return false;
                    }
                }
            }
        }
        return next == values.length;
    }

    /** The floats at the end of a binary answer. */
    static float[] floats(byte[] answer, int count) throws IOException {
        int size = count * Float.BYTES;
        if (answer.length < size) {
            throw new IOException("an answer of " + answer.length + " bytes has no " + count + " floats");
        }
        float[] values = new float[count];
        ByteBuffer.wrap(answer, answer.length - size, size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    /** What requests are made of: the same floats each time. */
    static float[] values(int floats) {
        Random random = new Random(1);
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
