package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EightDigitsTest {
    private final Random random = new Random(31);

    private static long of(String text) {
        return EightDigits.get(text.getBytes(StandardCharsets.ISO_8859_1), 0);
    }

    /** Every byte behind every number of digits, with any bytes behind that. */
    @Test
    void countsDigits() {
        byte[] text = new byte[8];
        for (int count = 0; count < 8; count++) {
            for (int other = 0; other < 256; other++) {
                random.nextBytes(text);
                for (int i = 0; i < count; i++) {
                    text[i] = (byte) ('0' + random.nextInt(10));
                }
                text[count] = (byte) other;
                int expected = 0;
                while (expected < 8 && text[expected] >= '0' && text[expected] <= '9') {
                    expected++;
                }
                assertEquals(
                        expected,
                        EightDigits.count(EightDigits.get(text, 0)),
                        () -> new String(text, StandardCharsets.ISO_8859_1));
            }
        }
        assertEquals(8, EightDigits.count(of("00000000")));
        assertEquals(8, EightDigits.count(of("99999999")));
    }

    @Test
    void readsTheFirstDigits() {
        for (int i = 0; i < 100_000; i++) {
            String digits = String.format("%08d", random.nextInt(EightDigits.LIMIT));
            int count = 1 + i % 8;
            assertEquals(Integer.parseInt(digits.substring(0, count)), EightDigits.value(of(digits), count), digits);
        }
    }

    @Test
    void writesDigits() {
        byte[] text = new byte[8];
        for (int i = 0; i < 200_000; i++) {
            int value = i < 100_000 ? i : random.nextInt(EightDigits.LIMIT);
            value = i % 3 == 0 ? EightDigits.LIMIT - 1 - value : value;
            String expected = String.format("%08d", value);
            EightDigits.put(text, 0, EightDigits.text(value));
            assertEquals(expected, new String(text, StandardCharsets.US_ASCII));
            assertEquals(
                    8 - expected.replaceFirst("0*$", "").length(),
                    EightDigits.trailingZeros(EightDigits.text(value)),
                    expected);
        }
    }
}
