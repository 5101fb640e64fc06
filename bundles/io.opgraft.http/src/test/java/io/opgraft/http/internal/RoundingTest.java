package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Holds reading and writing of floating-point numbers against exact arithmetic. */
class RoundingTest {
    private static final int COUNT = 4_000;

    /** Doubles of all sizes, the ends of each binade among them. */
    private static double someDouble(Random random) {
        long bits = random.nextLong() & Long.MAX_VALUE;
        switch (random.nextInt(8)) {
            case 0 -> bits &= -1L << 52;
            case 1 -> bits |= (1L << 52) - 1;
            case 2 -> bits >>>= 12;
            case 3 -> bits &= -1L << random.nextInt(53);
            case 4 -> {
                return random.nextDouble();
            }
            default -> {
                // any
            }
        }
        double value = Double.longBitsToDouble(bits);
        return Double.isFinite(value) && value > 0 ? value : 1.5;
    }

    private static float someFloat(Random random) {
        int bits = random.nextInt() & Integer.MAX_VALUE;
        switch (random.nextInt(8)) {
            case 0 -> bits &= -1 << 23;
            case 1 -> bits |= (1 << 23) - 1;
            case 2 -> bits >>>= 9;
            case 3 -> bits &= -1 << random.nextInt(24);
            case 4 -> {
                return random.nextFloat();
            }
            default -> {
                // any
            }
        }
        float value = Float.intBitsToFloat(bits);
        return Float.isFinite(value) && value > 0 ? value : 1.5f;
    }

    /** Decimals of up to 25 digits with exponents from beyond one end to beyond the other. */
    private static String someDecimal(Random random, int exponents) {
        String digits = new BigInteger(1 + random.nextInt(80), random).toString();
        int exponent = random.nextInt(2 * exponents) - exponents - digits.length();
        return switch (random.nextInt(3)) {
            case 0 -> digits + "e" + exponent;
            case 1 -> digits.charAt(0) + "." + digits + "E" + exponent;
            default -> "0." + digits + (exponent > 0 ? "e+" : "e") + exponent;
        };
    }

    private static BigDecimal distance(BigDecimal exact, double value) {
        return new BigDecimal(value).subtract(exact).abs();
    }

    private static void assertNearest(String text, double value, double below, double above, boolean even) {
        BigDecimal exact = new BigDecimal(text);
        BigDecimal distance = distance(exact, value);
        for (double other : new double[] {below, above}) {
            if (Double.isFinite(other)) {
                int side = distance.compareTo(distance(exact, other));
                assertTrue(side < 0 || (side == 0 && even), () -> text + " read as " + value);
            }
        }
    }

    private static void assertDoubles(List<String> texts) throws HttpFailure {
        ByteBuffer read = NumberTests.read(DataType.FP64, texts);
        for (String text : texts) {
            double value = read.getDouble();
            assertNearest(
                    text,
                    value,
                    Math.nextDown(value),
                    Math.nextUp(value),
                    (Double.doubleToRawLongBits(value) & 1) == 0);
        }
    }

    private static void assertFloats(List<String> texts) throws HttpFailure {
        ByteBuffer read = NumberTests.read(DataType.FP32, texts);
        for (String text : texts) {
            float value = read.getFloat();
            assertNearest(
                    text, value, Math.nextDown(value), Math.nextUp(value), (Float.floatToRawIntBits(value) & 1) == 0);
        }
    }

    @Test
    void decimals() throws HttpFailure {
        Random random = new Random(21);
        List<String> doubles = new ArrayList<>();
        List<String> floats = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            String text = someDecimal(random, 310);
            if (Double.isFinite(Double.parseDouble(text))) {
                doubles.add(text);
            }
            text = someDecimal(random, 40);
            if (Float.isFinite(Float.parseFloat(text))) {
                floats.add(text);
            }
        }
        assertDoubles(doubles);
        assertFloats(floats);
    }

    /** The middle between two neighbours and a hair to both sides of it. */
    @Test
    void middles() throws HttpFailure {
        Random random = new Random(22);
        List<String> doubles = new ArrayList<>();
        List<String> floats = new ArrayList<>();
        for (int i = 0; i < COUNT / 10; i++) {
            double d = someDouble(random);
            float f = someFloat(random);
            if (d != Double.MAX_VALUE) {
                around(doubles, new BigDecimal(d), new BigDecimal(Math.nextUp(d)));
            }
            if (f != Float.MAX_VALUE) {
                around(floats, new BigDecimal(f), new BigDecimal(Math.nextUp(f)));
            }
        }
        assertDoubles(doubles);
        assertFloats(floats);
    }

    private static void around(List<String> texts, BigDecimal low, BigDecimal high) {
        BigDecimal middle = low.add(high).divide(BigDecimal.valueOf(2));
        BigDecimal hair = middle.ulp();
        for (BigDecimal value : List.of(middle, middle.add(hair), middle.subtract(hair))) {
            // Beyond 25 digits it is the middle again for all but the last resort.
            texts.add(value.toString());
            texts.add(value.round(new MathContext(19)).toString());
        }
    }

    @Test
    void shortestDoubles() throws HttpFailure {
        Random random = new Random(23);
        ByteBuffer doubles = ByteBuffer.allocate(8 * COUNT).order(ByteOrder.LITTLE_ENDIAN);
        while (doubles.hasRemaining()) {
            doubles.putDouble(someDouble(random));
        }
        String[] texts = NumberTests.write(DataType.FP64, doubles.flip());
        doubles.rewind();
        for (String text : texts) {
            double value = doubles.getDouble();
            assertEquals(value, Double.parseDouble(text), text);
            assertShortest(text, new BigDecimal(value), shorter -> Double.parseDouble(shorter) == value);
        }
    }

    @Test
    void shortestFloats() throws HttpFailure {
        Random random = new Random(24);
        ByteBuffer floats = ByteBuffer.allocate(4 * COUNT).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            floats.putFloat(someFloat(random));
        }
        String[] texts = NumberTests.write(DataType.FP32, floats.flip());
        floats.rewind();
        for (String text : texts) {
            float value = floats.getFloat();
            assertEquals(value, Float.parseFloat(text), text);
            assertShortest(text, new BigDecimal(value), shorter -> Float.parseFloat(shorter) == value);
        }
    }

    private static void assertShortest(String text, BigDecimal value, Predicate<String> same) {
        BigDecimal written = new BigDecimal(text).stripTrailingZeros();
        int digits = written.precision();
        if (digits > 1) {
            for (RoundingMode mode : List.of(RoundingMode.DOWN, RoundingMode.UP)) {
                BigDecimal shorter = value.round(new MathContext(digits - 1, mode));
                assertTrue(!same.test(shorter.toString()), () -> text + " could be " + shorter);
            }
        }
        BigDecimal nearest = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        BigDecimal off = written.subtract(value).abs();
        assertTrue(
                !same.test(nearest.toString())
                        || off.compareTo(nearest.subtract(value).abs()) <= 0,
                () -> text + " is farther from " + value + " than " + nearest);
    }

    @Test
    void logarithms() {
        for (int e = -1200; e <= 1200; e++) {
            assertEquals(floorLog10(power(2, e)), PowersOfTen.log10OfPowerOf2(e), "2^" + e);
            assertEquals(
                    floorLog10(power(2, e).multiply(new BigDecimal("0.75"))),
                    PowersOfTen.log10OfThreeQuarters(e),
                    "3/4 2^" + e);
        }
        for (int n = -350; n <= 350; n++) {
            int k = PowersOfTen.log2OfPowerOf10(n);
            assertTrue(power(2, k).compareTo(power(10, n)) <= 0, "10^" + n);
            assertTrue(power(2, k + 1).compareTo(power(10, n)) > 0, "10^" + n);
        }
    }

    private static BigDecimal power(int base, int exponent) {
        BigDecimal power = BigDecimal.valueOf(base).pow(Math.abs(exponent));
        return exponent >= 0 ? power : BigDecimal.ONE.divide(power, new MathContext(1300));
    }

    private static int floorLog10(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }
}
