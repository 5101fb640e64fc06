package io.opgraft.http.internal;

/**
 * Finds the decimal with the fewest digits that rounds to a given float or double, and of these the nearest, by the
 * Schubfach algorithm (Giulietti, "The Schubfach way to render doubles", 2020). The decimal is {@code digits *
 * 10^exponent}; digits may end in zeros.
 */
final class ShortestDecimal {
    private static final long LOW_32 = 0xffffffffL;

    private long digits;
    private int exponent;

    long digits() {
        return digits;
    }

    int exponent() {
        return exponent;
    }

    /** Takes the bits of a finite float above 0. */
    void ofFloat(int bits) {
        int biased = bits >>> 23;
        int fraction = bits & (1 << 23) - 1;
        int c = biased == 0 ? fraction : fraction | 1 << 23;
        int q = Math.max(biased, 1) - 150;
        if (q <= 0 && q > -24 && c >>> -q << -q == c) {
            whole(c >>> -q);
            return;
        }
        boolean narrowBelow = fraction == 0 && biased > 1;
        int k = narrowBelow ? PowersOfTen.log10OfThreeQuarters(q) : PowersOfTen.log10OfPowerOf2(q);
        int h = q + PowersOfTen.log2OfPowerOf10(-k) + 33;
        long power = PowersOfTen.writeHigh(-k) + 1;
        long middle = 4L * c;
        choose(
                k,
                c & 1,
                roundFloat(power, (middle - (narrowBelow ? 1 : 2)) << h),
                roundFloat(power, middle << h),
                roundFloat(power, (middle + 2) << h));
    }

    /** Takes the bits of a finite double above 0. */
    void ofDouble(long bits) {
        int biased = (int) (bits >>> 52);
        long fraction = bits & (1L << 52) - 1;
        long c = biased == 0 ? fraction : fraction | 1L << 52;
        int q = Math.max(biased, 1) - 1075;
        if (q <= 0 && q > -53 && c >>> -q << -q == c) {
            whole(c >>> -q);
            return;
        }
        boolean narrowBelow = fraction == 0 && biased > 1;
        int k = narrowBelow ? PowersOfTen.log10OfThreeQuarters(q) : PowersOfTen.log10OfPowerOf2(q);
        int h = q + PowersOfTen.log2OfPowerOf10(-k) + 2;
        long high = PowersOfTen.writeHigh(-k);
        long low = PowersOfTen.writeLow(-k);
        long middle = 4 * c;
        choose(
                k,
                c & 1,
                roundDouble(high, low, (middle - (narrowBelow ? 1 : 2)) << h),
                roundDouble(high, low, middle << h),
                roundDouble(high, low, (middle + 2) << h));
    }

    private void whole(long value) {
        digits = value;
        exponent = 0;
    }

    /**
     * Chooses among the decimals around the number.
     *
     * @param k the exponent, with the number and its bounds given in quarters of 10^k
     * @param odd 1 if the bounds themselves do not round to the number
     */
    private void choose(int k, long odd, long lower, long middle, long upper) {
        exponent = k;
        long below = middle >> 2;
        long tenBelow = below / 10 * 10;
        boolean tenBelowFits = lower + odd <= tenBelow << 2;
        boolean tenAboveFits = ((tenBelow + 10) << 2) + odd <= upper;
        if (tenBelowFits != tenAboveFits) {
            digits = tenBelowFits ? tenBelow : tenBelow + 10;
            return;
        }
        boolean belowFits = lower + odd <= below << 2;
        boolean aboveFits = ((below + 1) << 2) + odd <= upper;
        if (belowFits != aboveFits) {
            digits = belowFits ? below : below + 1;
            return;
        }
        long side = middle - ((2 * below + 1) << 1);
        digits = side < 0 || (side == 0 && (below & 1) == 0) ? below : below + 1;
    }

    /** The product, scaled down and rounded to odd, which keeps comparisons with whole numbers right. */
    private static long roundFloat(long power, long value) {
        long product = Math.multiplyHigh(power, value);
        return product >>> 31 | ((product & LOW_32) + LOW_32) >>> 32;
    }

    private static long roundDouble(long high, long low, long value) {
        long carried = Math.multiplyHigh(low, value);
        long lower = high * value;
        long upper = Math.multiplyHigh(high, value);
        long rest = (lower >>> 1) + carried;
        upper += rest >>> 63;
        return upper | ((rest & Long.MAX_VALUE) + Long.MAX_VALUE) >>> 63;
    }
}
