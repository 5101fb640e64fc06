package io.opgraft.models.internal.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The 16-bit formats, all values of them. */
class HalvesTest {
    @Test
    void everyValueComesBack() {
        for (int bits = 0; bits <= 0xffff; bits++) {
            float half = Halves.fromFp16((short) bits);
            float brain = Halves.fromBf16((short) bits);
            if (Float.isNaN(half)) {
                assertTrue(Float.isNaN(Halves.fromFp16(Halves.toFp16(half))));
            } else {
                assertEquals((short) bits, Halves.toFp16(half));
            }
            if (Float.isNaN(brain)) {
                assertTrue(Float.isNaN(Halves.fromBf16(Halves.toBf16(brain))));
            } else {
                assertEquals((short) bits, Halves.toBf16(brain));
            }
        }
    }

    @Test
    void knownValuesAndTies() {
        assertEquals(0x3c00, Halves.toFp16(1));
        assertEquals(0x7bff, Halves.toFp16(65504));
        assertEquals(0x7bff, Halves.toFp16(65519.9));
        assertEquals(0x7c00, Halves.toFp16(65520));
        assertEquals(0x0001, Halves.toFp16(Math.scalb(1.0, -24)));
        assertEquals(0x0000, Halves.toFp16(Math.scalb(1.0, -25)));
        assertEquals(0x3c00, Halves.toFp16(1 + Math.scalb(1.0, -11)));
        assertEquals(0x3c02, Halves.toFp16(1 + 3 * Math.scalb(1.0, -11)));
        assertEquals((short) 0xc000, Halves.toFp16(-2));
        assertEquals(0x3f80, Halves.toBf16(1));
        assertEquals(0x3f80, Halves.toBf16(1 + Math.scalb(1f, -8)));
        assertEquals(0x7f80, Halves.toBf16(Float.MAX_VALUE));
    }
}
