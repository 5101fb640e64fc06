package io.opgraft.http.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight decimal digits at once: text in the bytes of a long, the first character in the lowest. */
final class EightDigits {
    /** How many values eight digits have. */
    static final int LIMIT = 100_000_000;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ZEROS = 0x3030303030303030L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private EightDigits() {}

    static long get(byte[] source, int index) {
        return (long) EIGHT.get(source, index);
    }

    static void put(byte[] target, int index, long text) {
        EIGHT.set(target, index, text);
    }

    /** How many digits the text begins with. */
    static int count(long text) {
        // The first byte that is no digit has its high bit set by one of the two; what is above it does not matter.
        long others = ((text + 0x4646464646464646L) | (text - ZEROS) | text) & HIGH_BITS;
        return Long.numberOfTrailingZeros(others) >>> 3;
    }

    /**
     * The number that the first digits of the text make.
     *
     * @param count 1 to 8, all of them digits
     */
    static int value(long text, int count) {
        // Digits go to the upper end; the zeros that follow from below lead the number.
        long digits = (text - ZEROS) << (Byte.SIZE * (Long.BYTES - count));
        long pairs = digits * 10 + (digits >>> 8);
        long low = (pairs & 0x000000ff000000ffL) * 0x000f424000000064L;
        long high = (pairs >>> 16 & 0x000000ff000000ffL) * 0x0000271000000001L;
        return (int) ((low + high) >>> 32);
    }

    /**
     * The digits of a number, with zeros before them.
     *
     * @param value from 0, below {@link #LIMIT}
     */
    static long text(int value) {
        int upper = (int) ((value * 3518437209L) >>> 45);
        long fours = upper | ((long) (value - upper * 10_000) << 32);
        long hundreds = ((fours * 10486) >>> 20) & 0x0000007f0000007fL;
        long pairs = hundreds | ((fours - hundreds * 100) << 16);
        long tens = ((pairs * 103) >>> 10) & 0x000f000f000f000fL;
        return tens | ((pairs - tens * 10) << 8) | ZEROS;
    }

    /** How many zeros digits end with, 8 if there is nothing else. */
    static int trailingZeros(long text) {
        return Long.numberOfLeadingZeros(text ^ ZEROS) >>> 3;
    }
}
