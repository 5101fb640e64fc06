package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes numbers as JSON through a small array. Floating-point numbers have the fewest digits that read back the same,
 * and a point or an exponent, so that readers with types see what they are.
 */
final class NumberText {
    /** Longest text of one number with the comma before it. */
    private static final int LONGEST = 32;

    private static final int SIZE = 8 * 1024;

    /** Decimal places from which on a number is written with an exponent, and leading zeros likewise. */
    private static final int MOST_PLACES = 21;

    private static final int MOST_ZEROS = 6;

    private static final byte[] PAIRS = new byte[200];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private static final int INFINITY = 0x7f800000;
    private static final int[] TENS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    /** The text 0.000000 as a word. */
    private static final long LEADING = 0x3030303030302e30L;

    private final Segments target;
    private final byte[] out;
    private final ShortestDecimal shortest = new ShortestDecimal();
    private int at;

    /**
     * Makes a writer.
     *
     * @param count how many numbers will come; a few need only little memory
     */
    NumberText(Segments target, long count) {
        this.target = target;
        this.out = new byte[(int) Math.min(SIZE, LONGEST * (count + 1))];
    }

    /** Begins a number; any but the first follows a comma. */
    void next(boolean first) {
        if (at > out.length - LONGEST) {
            flush();
        }
        if (!first) {
            out[at++] = ',';
        }
    }

    void flush() {
        target.append(out, 0, at);
        at = 0;
    }

    void word(String word) {
        byte[] ascii = word.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, out, at, ascii.length);
        at += ascii.length;
    }

    void integer(long value) {
        if (value < 0) {
            out[at++] = '-';
        }
        unsigned(value < 0 ? -value : value);
    }

    void unsigned(long value) {
        int length = length(value);
        digits(value, at + length);
        at += length;
    }

    void real(float value) {
        int bits = Float.floatToRawIntBits(value);
        int absolute = bits & Integer.MAX_VALUE;
        if (special(value, bits < 0, absolute == 0)) {
            return;
        }
        long decimal = ShortestFloat.of(absolute);
        at = few((int) decimal, (int) (decimal >> 32), at);
    }

    /** Writes all floats of a buffer, from its position to its limit, with commas between them. */
    void floats(ByteBuffer in) {
        int i = in.position();
        int limit = in.limit();
        while (i < limit) {
            int to = at;
            int full = out.length - LONGEST;
            for (; i < limit && to <= full; i += Float.BYTES) {
                int bits = in.getInt(i);
                int absolute = bits & Integer.MAX_VALUE;
                if (absolute - 1 >= 0 && absolute < INFINITY) {
                    out[to] = '-';
                    long decimal = ShortestFloat.of(absolute);
                    to = few((int) decimal, (int) (decimal >> 32), to + (bits >>> 31));
                } else {
                    at = to;
                    real(Float.intBitsToFloat(bits));
                    to = at;
                }
                out[to++] = ',';
            }
            at = to;
            if (i < limit) {
                flush();
            }
        }
        // After the last one there is no comma.
        if (at > 0) {
            at--;
        }
    }

    void real(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long absolute = bits & Long.MAX_VALUE;
        if (special(value, bits < 0, absolute == 0)) {
            return;
        }
        shortest.ofDouble(absolute);
        decimal(shortest.digits(), shortest.exponent());
    }

    /** Writes the sign, and all of what has no digits to find. */
    private boolean special(double value, boolean negative, boolean zero) {
        if (Double.isNaN(value)) {
            word("NaN");
            return true;
        }
        if (negative) {
            out[at++] = '-';
        }
        if (zero) {
            word("0.0");
            return true;
        }
        if (Double.isInfinite(value)) {
            word("Infinity");
            return true;
        }
        return false;
    }

    /** Writes a decimal of up to nine digits and returns the index behind it. */
    private int few(int digits, int exponent, int begin) {
        if (exponent >= 0) {
            return many(digits, exponent, begin);
        }
        int length = length(digits);
        int nine = digits * TENS[9 - length];
        int head = nine / EightDigits.LIMIT;
        long eight = EightDigits.text(nine - head * EightDigits.LIMIT);
        int significant = 9 - EightDigits.trailingZeros(eight);
        int point = length + exponent;
        // Whole words are written; what stands behind the end is overwritten by the next number.
        if (point <= 0 && point > -MOST_ZEROS) {
            EightDigits.put(out, begin, LEADING);
            int from = begin + 2 - point;
            out[from] = (byte) ('0' + head);
            EightDigits.put(out, from + 1, eight);
            return from + significant;
        }
        if (point > 0 && point < 9) {
            out[begin] = (byte) ('0' + head);
            EightDigits.put(out, begin + 1, eight);
            out[begin + point] = '.';
            EightDigits.put(out, begin + point + 1, eight >>> (8 * (point - 1)));
            return begin + 1 + Math.max(significant, point + 1);
        }
        return many(digits, exponent, begin);
    }

    private int many(long digits, int exponent, int begin) {
        at = begin;
        decimal(digits, exponent);
        return at;
    }

    private void decimal(long digits, int exponent) {
        int begin = at;
        int length = length(digits);
        int point = length + exponent;
        if (point > 0 && point <= MOST_PLACES) {
            if (point >= length) {
                digits(digits, at + length);
                at += length;
                fill('0', point - length);
                out[at++] = '.';
                out[at++] = '0';
                return;
            }
            digits(digits, at + 1 + length);
            for (int i = 0; i < point; i++) {
                out[begin + i] = out[begin + i + 1];
            }
            out[begin + point] = '.';
            at = begin + 1 + length;
            trim(begin + point + 2);
        } else if (point <= 0 && point > -MOST_ZEROS) {
            out[at++] = '0';
            out[at++] = '.';
            fill('0', -point);
            digits(digits, at + length);
            at += length;
            trim(begin + 3);
        } else {
            digits(digits, at + 1 + length);
            out[begin] = out[begin + 1];
            out[begin + 1] = '.';
            at = begin + 1 + length;
            trim(begin + 2);
            if (at == begin + 2) {
                at--;
            }
            out[at++] = 'e';
            integer(point - 1L);
        }
    }

    /** Takes zeros from the end, but leaves what lies before an index. */
    private void trim(int least) {
        while (at > least && out[at - 1] == '0') {
            at--;
        }
    }

    private void fill(char c, int n) {
        for (int i = 0; i < n; i++) {
            out[at++] = (byte) c;
        }
    }

    /** How many digits an unsigned number has. */
    private static int length(long value) {
        if (value < 0) {
            return Long.compareUnsigned(value, -8446744073709551616L) < 0 ? 19 : 20;
        }
        int length = 1;
        long limit = 10;
        while (length < 19 && value >= limit) {
            length++;
            limit *= 10;
        }
        return length;
    }

    /** How many digits a number from 1 up has. */
    private static int length(int value) {
        int least = ((Integer.SIZE - Integer.numberOfLeadingZeros(value)) * 1233) >> 12;
        return least + 1 - ((value - TENS[least]) >>> 31);
    }

    /** Writes an unsigned number that ends before an index. */
    private void digits(long value, int end) {
        int to = end;
        long rest = value;
        while (rest < 0 || rest > Integer.MAX_VALUE) {
            long upper = Long.divideUnsigned(rest, 100_000_000);
            int lower = (int) (rest - upper * 100_000_000);
            for (int i = 0; i < 4; i++) {
                to -= 2;
                pair(lower % 100, to);
                lower /= 100;
            }
            rest = upper;
        }
        int small = (int) rest;
        while (small >= 100) {
            to -= 2;
            pair(small % 100, to);
            small /= 100;
        }
        if (small >= 10) {
            pair(small, to - 2);
        } else {
            out[to - 1] = (byte) ('0' + small);
        }
    }

    private void pair(int value, int index) {
        out[index] = PAIRS[2 * value];
        out[index + 1] = PAIRS[2 * value + 1];
    }
}
