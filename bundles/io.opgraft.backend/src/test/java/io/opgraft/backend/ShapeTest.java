package io.opgraft.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final long[] EXTREMES = {
        0,
        1,
        2,
        3,
        1L << 15,
        1L << 16,
        46340,
        46341,
        1L << 31,
        (1L << 31) - 1,
        1L << 32,
        3037000499L,
        3037000500L,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE / 2,
        Long.MAX_VALUE / 2 + 1,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
    };

    private static void counted(long... dimensions) {
        BigInteger product = BigInteger.ONE;
        for (long d : dimensions) {
            product = product.multiply(BigInteger.valueOf(Math.max(d, 1)));
        }
        boolean empty = Arrays.stream(dimensions).anyMatch(d -> d == 0);
        Shape shape = Shape.of(dimensions);
        String what = Arrays.toString(dimensions);
        if (product.compareTo(MAX) > 0) {
            assertThrows(ArithmeticException.class, shape::elementCount, what);
        } else {
            assertEquals(empty ? 0 : product.longValueExact(), shape.elementCount(), what);
        }
    }

    /** Never wraps, over the whole range: held against numbers without a limit. */
    @Test
    void countsExactlyOrNotAtAll() {
        for (long a : EXTREMES) {
            counted(a);
            for (long b : EXTREMES) {
                counted(a, b);
                for (long c : EXTREMES) {
                    counted(a, b, c);
                }
            }
        }
        Random random = new Random(20_240_229);
        for (int i = 0; i < 200_000; i++) {
            long[] dimensions = new long[random.nextInt(6)];
            for (int d = 0; d < dimensions.length; d++) {
                dimensions[d] = random.nextLong() >>> (1 + random.nextInt(63));
            }
            counted(dimensions);
        }
    }

    @Test
    void negativeSizesAreNoShape() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            long negative = Math.min(-2, random.nextLong() | Long.MIN_VALUE);
            assertThrows(IllegalArgumentException.class, () -> Shape.of(1, negative, 1));
        }
        assertThrows(IllegalArgumentException.class, () -> Shape.of(Long.MIN_VALUE));
        assertThrows(IllegalStateException.class, () -> Shape.of(4, Shape.ANY).elementCount());
    }

    @Test
    void openDimensionsTakeAnySizeOfTheSameRank() {
        Shape declared = Shape.of(-1, 16);
        assertTrue(declared.accepts(Shape.of(0, 16)));
        assertTrue(declared.accepts(Shape.of(Long.MAX_VALUE, 16)));
        assertFalse(declared.accepts(Shape.of(1, 17)));
        assertFalse(declared.accepts(Shape.of(16)));
        assertFalse(declared.accepts(Shape.of(1, 16, 1)));
        assertTrue(Shape.of().accepts(Shape.of()));
        assertFalse(declared.isConcrete());
        assertTrue(Shape.of(0, 16).isConcrete());
    }

    @Test
    void isItsSizesAndKeepsThem() {
        long[] sizes = {2, 3};
        Shape shape = Shape.of(sizes);
        sizes[0] = 9;
        shape.toArray()[1] = 9;
        assertArrayEquals(new long[] {2, 3}, shape.toArray());
        assertEquals("[2,3]", shape.toString());
        assertEquals(1, Shape.of().elementCount());
        assertEquals(Shape.of(2, 3), shape);
        assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
        assertNotEquals(Shape.of(3, 2), shape);
    }
}
