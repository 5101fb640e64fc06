package io.opgraft.http.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A JSON number, scanned from bytes: {@code digits * 10^exponent}. Rounds correctly to double, by the algorithm of
 * Eisel and Lemire ("Number parsing at a gigabyte per second", 2021); what it cannot decide goes to the JDK.
 */
final class DecimalToken {
    private static final int KEPT_DIGITS = 19;

    /** Far beyond every exponent that matters, but added to it nothing overflows. */
    private static final int HUGE_EXPONENT = 100_000;

    private static final double[] EXACT = new double[23];

    static {
        for (int n = 0; n < EXACT.length; n++) {
            EXACT[n] = Double.parseDouble("1e" + n);
        }
    }

    private byte[] bytes;
    private int begin;
    private int end;
    private boolean negative;
    private boolean whole;
    private boolean truncated;
    private long digits;
    private int count;
    private int exponent;

    /**
     * Scans a number.
     *
     * @param source followed by 8 bytes that may be read and one that ends a number
     * @return index after the number, or -1 if it is none
     */
    int scan(byte[] source, int from) {
        bytes = source;
        begin = from;
        truncated = false;
        int i = from;
        negative = source[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        long value = 0;
        int d = source[i] - '0';
        if (d == 0) {
            i++;
            if (digit(source[i])) {
                return -1;
            }
        } else {
            while (d >= 0 && d <= 9) {
                value = value * 10 + d;
                d = source[++i] - '0';
            }
            if (i == first) {
                return -1;
            }
        }
        count = i - first;
        exponent = 0;
        whole = true;
        if (source[i] == '.') {
            i++;
            int fraction = i;
            if (value == 0) {
                while (source[i] == '0') {
                    i++;
                }
                count = 0;
            }
            int counted = i;
            long eight = EightDigits.get(source, i);
            while (EightDigits.count(eight) == Long.BYTES) {
                value = value * EightDigits.LIMIT + EightDigits.value(eight, Long.BYTES);
                i += Long.BYTES;
                eight = EightDigits.get(source, i);
            }
            d = source[i] - '0';
            while (d >= 0 && d <= 9) {
                value = value * 10 + d;
                d = source[++i] - '0';
            }
            if (i == fraction) {
                return -1;
            }
            exponent = fraction - i;
            count += i - counted;
            whole = false;
        }
        int mantissaEnd = i;
        if ((source[i] | 0x20) == 'e') {
            i = power(i + 1);
            if (i < 0) {
                return -1;
            }
            whole = false;
        }
        digits = value;
        end = i;
        if (count > KEPT_DIGITS) {
            shorten(first, mantissaEnd);
        }
        return i;
    }

    /** Reads the digits of the exponent and adds it. */
    private int power(int from) {
        int i = from;
        boolean minus = bytes[i] == '-';
        if (minus || bytes[i] == '+') {
            i++;
        }
        int first = i;
        int value = 0;
        while (digit(bytes[i])) {
            value = Math.min(value * 10 + bytes[i] - '0', HUGE_EXPONENT);
            i++;
        }
        exponent += minus ? -value : value;
        return i == first ? -1 : i;
    }

    /** Takes the first digits that count of a number with more than fit. */
    private void shorten(int first, int last) {
        int kept = 0;
        int dropped = 0;
        digits = 0;
        for (int i = first; i < last; i++) {
            int d = bytes[i] - '0';
            if (bytes[i] == '.' || (kept == 0 && d == 0)) {
                continue;
            }
            if (kept < KEPT_DIGITS) {
                digits = digits * 10 + d;
                kept++;
            } else {
                dropped++;
                truncated |= d != 0;
            }
        }
        exponent += dropped;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether it has neither point nor exponent. */
    boolean whole() {
        return whole;
    }

    boolean negative() {
        return negative;
    }

    /** Whether a whole number is in {@link #digits}, which is then unsigned. */
    boolean fits() {
        return count <= KEPT_DIGITS;
    }

    long digits() {
        return digits;
    }

    String text() {
        return new String(bytes, begin, end - begin, StandardCharsets.US_ASCII);
    }

    BigInteger integer() {
        return new BigInteger(text());
    }

    /** The number without its sign and before any rounding. */
    BigDecimal exact() {
        return new BigDecimal(text()).abs();
    }

    /** Whether {@link #absolute} is the number itself. */
    boolean isExact() {
        return whole && count <= 15;
    }

    /** The number without its sign as the nearest double, infinite if it is too large. */
    double absolute() {
        double near = nearest(digits, exponent);
        boolean sure = truncated ? near == nearest(digits + 1, exponent) : !Double.isNaN(near);
        return sure ? near : Math.abs(Double.parseDouble(text()));
    }

    /**
     * The double nearest to {@code digits * 10^exponent}, or NaN if this cannot tell, which only happens where the
     * exponent is below -27 or above 55.
     *
     * @param digits unsigned
     */
    static double nearest(long digits, int exponent) {
        if (digits >= 0 && digits <= 1L << 53) {
            if (exponent == 0) {
                return digits;
            }
            if (exponent < 0 && exponent >= -22) {
                return digits / EXACT[-exponent];
            }
            if (exponent > 0 && exponent <= 22) {
                return digits * EXACT[exponent];
            }
        }
        return anyNearest(digits, exponent);
    }

    private static double anyNearest(long w, int q) {
        if (w == 0 || q < PowersOfTen.FIRST) {
            return 0;
        }
        if (q > PowersOfTen.LAST) {
            return Double.POSITIVE_INFINITY;
        }
        int zeros = Long.numberOfLeadingZeros(w);
        long shifted = w << zeros;
        long power = PowersOfTen.high(q);
        long high = PowersOfTen.multiplyHigh(shifted, power);
        long low = shifted * power;
        if ((high & 0x1ff) == 0x1ff) {
            // The bits that are cut off could carry: the lower half of the power decides.
            long more = PowersOfTen.multiplyHigh(shifted, PowersOfTen.low(q));
            low += more;
            if (Long.compareUnsigned(low, more) < 0) {
                high++;
            }
            if (low == -1 && (q < -27 || q > 55)) {
                return Double.NaN;
            }
        }
        int upper = (int) (high >>> 63);
        long mantissa = high >>> (upper + 9);
        int biased = PowersOfTen.log2OfPowerOf10(q) + 63 + upper - zeros + 1023;
        if (biased <= 0) {
            return subnormal(mantissa, biased);
        }
        boolean middle = Long.compareUnsigned(low, 1) <= 0 && q >= -4 && q <= 23 && (mantissa & 3) == 1;
        if (middle && mantissa << (upper + 9) == high) {
            mantissa &= ~1;
        }
        mantissa = (mantissa + (mantissa & 1)) >>> 1;
        // A carry out of the mantissa goes into the exponent, as it should.
        long bits = ((long) (biased - 1) << 52) + mantissa;
        return bits >= 0x7ff0000000000000L ? Double.POSITIVE_INFINITY : Double.longBitsToDouble(bits);
    }

    private static double subnormal(long mantissa, int biased) {
        int shift = 1 - biased;
        if (shift >= 64) {
            return 0;
        }
        long cut = mantissa >>> shift;
        return Double.longBitsToDouble((cut + (cut & 1)) >>> 1);
    }
}
