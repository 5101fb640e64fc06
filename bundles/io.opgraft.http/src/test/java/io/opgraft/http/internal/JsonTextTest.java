package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonParser;
import io.opgraft.backend.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.ByteBufferPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static byte[] written(String string) {
        try (Segments target = new Segments(new ByteBufferPool.NonPooling())) {
            new JsonText(target).string(string).flush();
            byte[] bytes = new byte[Math.toIntExact(target.size())];
            target.copyTo(ByteBuffer.wrap(bytes));
            return bytes;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "OUTPUT0", "a \"b\" \\ c/", "line\n\ttab\u0000\u001f\u007f", "\u00e4\u20ac\ud83d\ude00"})
    void aParserReadsTheSameString(String text) throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(written(text))) {
            json.nextToken();
            assertEquals(text, json.getText());
        }
    }

    @Test
    void halfOfASurrogatePairBecomesAQuestionMark() {
        assertEquals("\"a?\"", new String(written("a\ud800"), StandardCharsets.UTF_8));
    }

    @Test
    void whatIsAddedComesInOrder() {
        try (Segments target = new Segments(new ByteBufferPool.NonPooling())) {
            JsonText json = new JsonText(target);
            json.add("{\"a\":").number(-7).flush();
            target.append((byte) ',');
            json.add("\"b\":")
                    .shape(Shape.of(2, 3))
                    .add(",\"c\":")
                    .shape(Shape.of())
                    .add("}");
            json.flush();
            byte[] bytes = new byte[Math.toIntExact(target.size())];
            target.copyTo(ByteBuffer.wrap(bytes));
            assertEquals("{\"a\":-7,\"b\":[2,3],\"c\":[]}", new String(bytes, StandardCharsets.US_ASCII));
        }
    }
}
