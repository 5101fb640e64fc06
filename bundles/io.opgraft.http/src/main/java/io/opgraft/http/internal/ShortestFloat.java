package io.opgraft.http.internal;

/**
 * Finds the decimal with the fewest digits that rounds to a given float, and of these the nearest, as
 * {@link ShortestDecimal} does, but with what depends on the exponent alone prepared and with few branches.
 */
final class ShortestFloat {
    private static final int FRACTION_BITS = 23;
    private static final int LARGEST_BIASED = 254;
    private static final long LOW_32 = 0xffffffffL;

    /** For each biased exponent the power of ten that scales it, the exponent of ten and how far to shift. */
    private static final long[] POWER = new long[LARGEST_BIASED + 1];

    private static final byte[] EXPONENT = new byte[LARGEST_BIASED + 1];
    private static final byte[] SHIFT = new byte[LARGEST_BIASED + 1];

    static {
        for (int biased = 0; biased <= LARGEST_BIASED; biased++) {
            int q = Math.max(biased, 1) - 150;
            int k = PowersOfTen.log10OfPowerOf2(q);
            POWER[biased] = PowersOfTen.writeHigh(-k) + 1;
            EXPONENT[biased] = (byte) k;
            SHIFT[biased] = (byte) (q + PowersOfTen.log2OfPowerOf10(-k) + 33);
        }
    }

    private ShortestFloat() {}

    /**
     * The decimal {@code digits * 10^exponent}; the digits, at most nine, may end in zeros.
     *
     * @param bits those of a finite float above 0
     * @return the digits in the lower half, the exponent in the upper
     */
    static long of(int bits) {
        int biased = bits >>> FRACTION_BITS;
        int fraction = bits & ((1 << FRACTION_BITS) - 1);
        int c = biased == 0 ? fraction : fraction | (1 << FRACTION_BITS);
        int places = 150 - biased;
        if (places >= 0 && places <= FRACTION_BITS && c >>> places << places == c) {
            return (long) c >>> places;
        }
        if (fraction == 0 && biased > 1) {
            return narrowBelow(bits);
        }
        long power = POWER[biased];
        int shift = SHIFT[biased];
        long scaled = (4L * c) << shift;
        long half = 2L << shift;
        // A bound rounds to the number only if the number is even.
        int odd = c & 1;
        int lower = scale(power, scaled - half) + odd;
        int middle = scale(power, scaled);
        int upper = scale(power, scaled + half) - odd;
        int below = middle >> 2;
        int tenBelow = (int) ((below * 3435973837L) >>> 35) * 10;
        int tenAbove = tenBelow + 10;
        int nearest = below + (((middle & 3) + (below & 1) + 1) >> 2);
        // The bounds are symmetric and less than ten apart: one multiple of ten fits at most, and the nearest fits if
        // any.
        // Nobody can predict which it is, so there is no branch.
        int chosen = select(upper - (tenAbove << 2), nearest, tenAbove);
        chosen = select((tenBelow << 2) - lower, chosen, tenBelow);
        return ((long) EXPONENT[biased] << 32) | chosen;
    }

    private static int select(int sign, int ifNegative, int otherwise) {
        return otherwise ^ ((otherwise ^ ifNegative) & (sign >> 31));
    }

    /** A power of two, whose lower neighbour is nearer than the upper one. */
    private static long narrowBelow(int bits) {
        ShortestDecimal decimal = new ShortestDecimal();
        decimal.ofFloat(bits);
        return ((long) decimal.exponent() << 32) | decimal.digits();
    }

    /** The product, scaled down and rounded to odd, which keeps comparisons with whole numbers right. */
    private static int scale(long power, long value) {
        long product = Math.multiplyHigh(power, value);
        return (int) ((product >>> 31) | (((product & LOW_32) + LOW_32) >>> 32));
    }
}
