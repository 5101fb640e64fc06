package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick way for floats against the general one, which {@link RoundingTest} holds against exact arithmetic. */
class ShortestFloatTest {
    private final ShortestDecimal general = new ShortestDecimal();

    private void compare(int bits) {
        if (bits <= 0 || bits >= 0x7f800000) {
            return;
        }
        long quick = ShortestFloat.of(bits);
        int digits = (int) quick;
        int exponent = (int) (quick >> 32);
        general.ofFloat(bits);
        boolean same = digits == general.digits() && exponent == general.exponent();
        assertTrue(
                same
                        || BigDecimal.valueOf(digits, -exponent)
                                        .compareTo(BigDecimal.valueOf(general.digits(), -general.exponent()))
                                == 0,
                () -> Float.intBitsToFloat(bits) + " as " + digits + "e" + exponent);
        assertTrue(digits > 0 && digits < 1_000_000_000, () -> Float.intBitsToFloat(bits) + " as " + digits);
    }

    @Test
    void floatsOfAllSizes() {
        Random random = new Random(32);
        for (int i = 0; i < 2_000_000; i++) {
            compare(random.nextInt() & Integer.MAX_VALUE);
        }
    }

    @Test
    void endsOfBinades() {
        for (int exponent = 0; exponent < 256; exponent++) {
            for (int i = -300; i <= 300; i++) {
                compare((exponent << 23) + i);
                compare((exponent << 23) + (1 << 22) + i);
            }
        }
    }
}
