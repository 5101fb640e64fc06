package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HalvesTest {
    @ParameterizedTest
    @EnumSource(Halves.class)
    void everyValueComesBack(Halves format) {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = format.decode((short) bits);
            if (!Float.isNaN(value)) {
                assertEquals(bits, format.encode(value, BigDecimal.ZERO), "0x" + Integer.toHexString(bits));
            } else {
                assertTrue(Float.isNaN(format.decode((short) format.encode(value, BigDecimal.ZERO))));
            }
        }
    }

    /** The nearest of all values, found by looking at the two neighbours. */
    @ParameterizedTest
    @EnumSource(Halves.class)
    void roundsToTheNearest(Halves format) {
        Random random = new Random(7);
        int largest = format.encode(format == Halves.FP16 ? 65504 : 3.3895313892515355e38, BigDecimal.ZERO);
        for (int i = 0; i < 200_000; i++) {
            int low = random.nextInt(largest);
            double a = format.decode((short) low);
            double b = format.decode((short) (low + 1));
            double value = a + (b - a) * random.nextDouble();
            int expected = value - a < b - value ? low : low + 1;
            if (value - a != b - value) {
                assertEquals(expected, format.encode(value, BigDecimal.ZERO), Double.toString(value));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Halves.class)
    void tiesGoToEvenUnlessTheDigitsSayOtherwise(Halves format) {
        BigDecimal hair = new BigDecimal("1e-60");
        for (int low = 0; low < 0x1000; low++) {
            double middle = ((double) format.decode((short) low) + format.decode((short) (low + 1))) / 2;
            BigDecimal exact = new BigDecimal(middle);
            assertTrue(format.needsExact(middle));
            assertEquals(low + (low & 1), format.encode(middle, exact));
            assertEquals(low + 1, format.encode(middle, exact.add(hair)));
            assertEquals(low, format.encode(middle, exact.subtract(hair)));
        }
    }

    @Test
    void ends() {
        assertTrue(Halves.FP16.isInfinite(Halves.FP16.encode(65520, new BigDecimal(65520))));
        assertEquals(0x7bff, Halves.FP16.encode(65519.99, BigDecimal.ZERO));
        assertEquals(0x8000, Halves.FP16.encode(-0.0, BigDecimal.ZERO));
        assertEquals(0, Halves.FP16.encode(Double.MIN_VALUE, BigDecimal.ZERO));
        assertTrue(Halves.BF16.isInfinite(Halves.BF16.encode(Double.MAX_VALUE, BigDecimal.ZERO)));
        assertTrue(Halves.BF16.isInfinite(Halves.BF16.encode(Double.NEGATIVE_INFINITY, BigDecimal.ZERO)));
    }
}
