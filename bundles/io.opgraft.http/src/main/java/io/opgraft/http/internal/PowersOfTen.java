package io.opgraft.http.internal;

import java.math.BigInteger;

/** Powers of ten in 126 and 128 bits, computed when they are first needed, and logarithms in whole numbers. */
final class PowersOfTen {
    /** Powers for reading: below the first every number rounds to zero, beyond the last to infinity. */
    static final int FIRST = -342;

    static final int LAST = 308;

    /** Powers for writing. */
    private static final int WRITE_FIRST = -292;

    private static final int WRITE_LAST = 324;

    private static final long[] READ = new long[2 * (LAST - FIRST + 1)];
    private static final long[] WRITE = new long[2 * (WRITE_LAST - WRITE_FIRST + 1)];

    static {
        for (int n = FIRST; n <= LAST; n++) {
            // From 5^27 on the divisor has more bits than the numbers that are read, so no product is exact.
            BigInteger bits = scaled(n, 128, n < 0 && n >= -27);
            READ[2 * (n - FIRST)] = bits.shiftRight(64).longValue();
            READ[2 * (n - FIRST) + 1] = bits.longValue();
        }
        for (int n = WRITE_FIRST; n <= WRITE_LAST; n++) {
            BigInteger bits = scaled(n, 126, true);
            WRITE[2 * (n - WRITE_FIRST)] = bits.shiftRight(63).longValue();
            WRITE[2 * (n - WRITE_FIRST) + 1] = bits.longValue() & Long.MAX_VALUE;
        }
    }

    private PowersOfTen() {}

    /** The first bits of 10^n, rounded down, or one more than that. */
    private static BigInteger scaled(int n, int bits, boolean oneMore) {
        BigInteger power = BigInteger.TEN.pow(Math.abs(n));
        BigInteger first;
        if (n >= 0) {
            int shift = bits - power.bitLength();
            first = shift >= 0 ? power.shiftLeft(shift) : power.shiftRight(-shift);
        } else {
            first = BigInteger.ONE.shiftLeft(bits - 1 + power.bitLength()).divide(power);
        }
        return oneMore ? first.add(BigInteger.ONE) : first;
    }

    /** The upper 64 of the first 128 bits of 10^n. */
    static long high(int n) {
        return READ[2 * (n - FIRST)];
    }

    static long low(int n) {
        return READ[2 * (n - FIRST) + 1];
    }

    /** The upper 63 of 126 bits that are the least above 10^n, scaled. */
    static long writeHigh(int n) {
        return WRITE[2 * (n - WRITE_FIRST)];
    }

    static long writeLow(int n) {
        return WRITE[2 * (n - WRITE_FIRST) + 1];
    }

    /** The largest k with 10^k <= 2^e, for |e| up to 1650. */
    static int log10OfPowerOf2(int e) {
        return (e * 1262611) >> 22;
    }

    /** The largest k with 10^k <= 3/4 * 2^e, for |e| up to 1650. */
    static int log10OfThreeQuarters(int e) {
        return (e * 1262611 - 524031) >> 22;
    }

    /** The largest k with 2^k <= 10^n, for |n| up to 1200. */
    static int log2OfPowerOf10(int n) {
        return (n * 1741647) >> 19;
    }

    /** The upper half of the product of two unsigned numbers. */
    static long multiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}
