package io.opgraft.benchmarks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InferRequestTest {
    @Test
    void aBinaryAnswerMustEndWithTheSameBytes() throws Exception {
        InferRequest request = InferRequest.binary(4);
        byte[] tensor = new byte[16];
        ByteBuffer wire = request.wire();
        wire.get(wire.limit() - tensor.length, tensor);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("{\"outputs\":[{\"name\":\"OUTPUT0\"}]}".getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(tensor);
        byte[] right = answer.toByteArray();
        assertTrue(request.isAnsweredBy(right));
        right[right.length - 1]++;
        assertFalse(request.isAnsweredBy(right));
        assertFalse(request.isAnsweredBy(tensor));
    }

    @Test
    void aJsonAnswerMustHaveTheSameFloats() throws Exception {
        InferRequest request = InferRequest.json(2);
        ByteBuffer wire = request.wire();
        String text = StandardCharsets.US_ASCII.decode(wire).toString();
        String data = text.substring(text.indexOf("\"data\""), text.lastIndexOf(']', text.lastIndexOf(']') - 1) + 1);
        assertTrue(request.isAnsweredBy(bytes("{\"outputs\":[{\"shape\":[2]," + data + "}]}")));
        assertFalse(request.isAnsweredBy(bytes("{\"outputs\":[{\"shape\":[2],\"data\":[0.5]}]}")));
        assertFalse(request.isAnsweredBy(bytes("{\"outputs\":[{\"shape\":[2],\"data\":[0.5,0.25]}]}")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
