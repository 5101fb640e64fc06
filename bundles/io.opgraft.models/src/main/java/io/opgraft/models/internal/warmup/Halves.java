package io.opgraft.models.internal.warmup;

/** The two 16-bit floating-point formats. Rounds to nearest, ties to even. */
final class Halves {
    private static final int FP16_INFINITY = 0x7c00;
    private static final int FP16_NAN = 0x7e00;
    private static final int BF16_NAN = 0x7fc0;

    private Halves() {}

    static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) BF16_NAN;
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static short toFp16(double value) {
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        double magnitude = Math.abs(value);
        if (Double.isNaN(value)) {
            return (short) FP16_NAN;
        }
        // The step between neighbours; below 2^-14 it stays 2^-24.
        int exponent = magnitude == 0 ? -14 : Math.max(Math.getExponent(magnitude), -14);
        if (exponent > 15) {
            return (short) (sign | FP16_INFINITY);
        }
        long steps = (long) Math.rint(Math.scalb(magnitude, 10 - exponent));
        // A carry out of the fraction is a carry into the exponent, up to infinity.
        return (short) (sign | (((exponent + 14) << 10) + steps));
    }

    static float fromFp16(short bits) {
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -24);
        } else {
            magnitude = Math.scalb((float) (fraction | 0x400), exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
