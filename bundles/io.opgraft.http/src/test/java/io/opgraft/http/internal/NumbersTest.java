package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.opgraft.backend.DataType;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private static ByteBuffer read(DataType type, List<String> values) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(values.size() * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        ElementReader reader = NumberReader.of(type, target);
        byte[] json = ("[" + String.join(",", values) + "]").getBytes(StandardCharsets.US_ASCII);
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            parser.nextToken();
            for (String value : values) {
                assertEquals(null, reader.read(parser, parser.nextToken()), value);
            }
        }
        return target.flip();
    }

    private static String write(DataType type, ByteBuffer content) throws IOException, HttpFailure {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.writeStartArray();
            TensorWriter.write(json, "OUT", type, content);
            json.writeEndArray();
        }
        return out.toString();
    }

    /** Through a double each of these would round to the other neighbour. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.00000017881393432617187499",
                "1.00000017881393432617187501",
                "1.000000059604644775390625000001",
                "0.000000000000000000000000000000000000000000000700649232162408535461864791644958065640130970938257885878534141944895541342930300743319094181060791015625",
                "9007199791611905",
                "9007199254740993",
                "36028797018963969",
                "16777217.0000001",
                "123456789012345678901234567890",
            })
    void floatsRoundOnce(String text) throws IOException {
        assertEquals(Float.parseFloat(text), read(DataType.FP32, List.of(text)).getFloat());
        assertEquals(
                Float.parseFloat("-" + text),
                read(DataType.FP32, List.of("-" + text)).getFloat());
    }

    @ParameterizedTest
    @CsvSource({"2049, 2048", "2049.0000000000000000001, 2050", "2050.9999999999999999999, 2050", "2051, 2052"})
    void halvesRoundOnce(String text, float expected) throws IOException {
        assertEquals(
                expected, Halves.FP16.decode(read(DataType.FP16, List.of(text)).getShort()));
    }

    @Test
    void floatsComeBackExactly() throws Exception {
        Random random = new Random(11);
        ByteBuffer floats = ByteBuffer.allocate(4 * 50_000).order(ByteOrder.LITTLE_ENDIAN);
        List<String> texts = new ArrayList<>();
        while (floats.hasRemaining()) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                floats.putFloat(value);
                texts.add(Float.toString(value));
            }
        }
        assertArrayEquals(floats.array(), read(DataType.FP32, texts).array());
        String written = write(DataType.FP32, floats.flip());
        String[] shortest = written.substring(1, written.length() - 1).split(",");
        assertArrayEquals(floats.array(), read(DataType.FP32, List.of(shortest)).array());
        for (String text : shortest) {
            assertTrue(text.length() <= 15, text);
        }
    }

    @Test
    void doublesComeBackExactly() throws Exception {
        Random random = new Random(12);
        ByteBuffer doubles = ByteBuffer.allocate(8 * 50_000).order(ByteOrder.LITTLE_ENDIAN);
        while (doubles.hasRemaining()) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                doubles.putDouble(value);
            }
        }
        String written = write(DataType.FP64, doubles.flip());
        assertArrayEquals(
                doubles.array(),
                read(
                                DataType.FP64,
                                List.of(written.substring(1, written.length() - 1)
                                        .split(",")))
                        .array());
    }

    /** Older Java versions write more digits than needed. */
    @Test
    void shortestDigits() throws Exception {
        ByteBuffer content = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        content.putDouble(2.0E-3).putDouble(Double.parseDouble("2e23"));
        assertEquals("[0.002,2.0E23]", write(DataType.FP64, content.flip()));
        content.clear();
        content.putFloat(1.0E10f).putFloat(0.1f).flip();
        assertEquals("[1.0E10,0.1]", write(DataType.FP32, content));
    }
}
