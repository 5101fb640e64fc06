package io.opgraft.http.internal;

import java.math.BigDecimal;

/** A binary floating-point format of 16 bits. */
enum Halves {
    /** IEEE 754 half precision. */
    FP16(5, 10),
    /** The upper half of an IEEE 754 single. */
    BF16(8, 7);

    private final int mantissaBits;
    private final int minExponent;
    private final int infinity;

    Halves(int exponentBits, int mantissaBits) {
        this.mantissaBits = mantissaBits;
        this.minExponent = 2 - (1 << (exponentBits - 1));
        this.infinity = ((1 << exponentBits) - 1) << mantissaBits;
    }

    /**
     * Whether a double lies exactly between two values of this format, so that the digits that it was rounded from
     * decide.
     */
    boolean needsExact(double value) {
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            return false;
        }
        double scaled = scaled(Math.abs(value));
        return scaled - Math.floor(scaled) == 0.5;
    }

    /**
     * Rounds to nearest, ties to even.
     *
     * @param value the number as a double
     * @param exact the absolute number before it was rounded to a double; looked at only if {@link #needsExact}
     * @return the bits
     */
    int encode(double value, BigDecimal exact) {
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        if (Double.isNaN(value)) {
            return infinity | 1 << (mantissaBits - 1);
        }
        double absolute = Math.abs(value);
        if (Double.isInfinite(absolute)) {
            return sign | infinity;
        }
        double scaled = scaled(absolute);
        long quanta = (long) scaled;
        double rest = scaled - quanta;
        if (rest > 0.5 || (rest == 0.5 && roundsUp(absolute, exact, quanta))) {
            quanta++;
        }
        long bits = ((long) (exponent(absolute) - minExponent) << mantissaBits) + quanta;
        return sign | (int) Math.min(bits, infinity);
    }

    private static boolean roundsUp(double absolute, BigDecimal exact, long quanta) {
        int side = exact.compareTo(new BigDecimal(absolute));
        return side > 0 || (side == 0 && (quanta & 1) == 1);
    }

    /** The number in units of the last place that this format has there. */
    private double scaled(double absolute) {
        return Math.scalb(absolute, mantissaBits - exponent(absolute));
    }

    private int exponent(double absolute) {
        return Math.max(Math.getExponent(absolute), minExponent);
    }

    boolean isInfinite(int bits) {
        return (bits & 0x7fff) == infinity;
    }

    /** The value, which a float holds exactly. */
    float decode(short bits) {
        int magnitude = bits & 0x7fff;
        float absolute;
        if (magnitude >= infinity) {
            absolute = magnitude == infinity ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            int exponent = magnitude >>> mantissaBits;
            int mantissa = magnitude & ((1 << mantissaBits) - 1);
            int quanta = exponent == 0 ? mantissa : mantissa | 1 << mantissaBits;
            absolute = Math.scalb((float) quanta, Math.max(exponent, 1) - 1 + minExponent - mantissaBits);
        }
        return bits < 0 ? -absolute : absolute;
    }
}
