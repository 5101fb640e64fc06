package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.eclipse.jetty.io.ByteBufferPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringsTest {
    private static byte[] read(Segments json) throws HttpFailure {
        try (Segments out = json.another()) {
            JsonWindow in = new JsonWindow(json, 0);
            assertNull(new StringReader(out).read(in, in.space()));
            assertEquals(json.size(), in.position());
            ByteBuffer all = ByteBuffer.allocate((int) out.size()).order(ByteOrder.LITTLE_ENDIAN);
            out.copyTo(all);
            all.flip();
            assertEquals(all.remaining() - 4, all.getInt());
            byte[] content = new byte[all.remaining()];
            all.get(content);
            return content;
        }
    }

    private static Segments written(byte[] text) throws HttpFailure {
        ByteBuffer tensor = ByteBuffer.allocate(4 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        Segments out = new Segments(new ByteBufferPool.NonPooling());
        TensorWriter.write(
                out, "OUT", DataType.BYTES, tensor.putInt(text.length).put(text).flip());
        return out;
    }

    private static int someCharacter(Random random) {
        int c =
                switch (random.nextInt(5)) {
                    case 0 -> random.nextInt(0x80);
                    case 1 -> "\"\\/\b\f\n\r\t\u0000\u007f".charAt(random.nextInt(10));
                    case 2 -> random.nextInt(0x800);
                    case 3 -> random.nextInt(0x10000);
                    default -> random.nextInt(0x110000);
                };
        return c >= 0xd800 && c < 0xe000 ? 'x' : c;
    }

    /** Long enough to go over the ends of several windows and buffers. */
    @Test
    void everyCharacterInEveryForm() throws HttpFailure {
        Random random = new Random(31);
        StringBuilder text = new StringBuilder();
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < 60_000; i++) {
            int c = someCharacter(random);
            text.appendCodePoint(c);
            if (c < ' ' || c == '"' || c == '\\' || random.nextInt(4) == 0) {
                for (char unit : Character.toChars(c)) {
                    json.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) unit));
                }
            } else {
                json.appendCodePoint(c);
            }
        }
        json.append('"');
        byte[] expected = text.toString().getBytes(StandardCharsets.UTF_8);
        try (Segments source = NumberTests.segments(json.toString())) {
            assertArrayEquals(expected, read(source));
        }
        try (Segments back = written(expected)) {
            assertArrayEquals(expected, read(back));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"c3", "c328", "80", "c080", "e080af", "eda080", "f08080af", "f4908080", "f5808080", "ff", "e282"
            })
    void bytesThatAreNoText(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        HttpFailure failure = assertThrows(HttpFailure.class, () -> written(bytes));
        assertTrue(failure.getMessage().contains("string 0 is not UTF-8"), failure.getMessage());
        Segments json = NumberTests.segments("\"");
        json.append(bytes, 0, bytes.length);
        json.append((byte) '"');
        assertThrows(HttpFailure.class, () -> read(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"", "\"abc", "\"\\", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\u0000\""})
    void damagedStrings(String json) {
        assertThrows(HttpFailure.class, () -> read(NumberTests.segments(json)));
    }
}
