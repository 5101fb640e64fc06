package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;

/** Reads floating-point numbers, each rounded once, to the nearest. */
final class RealReader extends NumberReader {
    /** How many bits of a double a normal float lacks. */
    private static final int FLOAT_CUT = 29;

    private static final int CUT_BITS = (1 << FLOAT_CUT) - 1;
    private static final int MIDDLE = 1 << (FLOAT_CUT - 1);
    private static final int TOLERANCE = 4;

    /** Powers of ten from 1 down, rounded to double. */
    private static final double[] NEGATIVE_POWERS = new double[19];

    static {
        for (int n = 0; n < NEGATIVE_POWERS.length; n++) {
            NEGATIVE_POWERS[n] = Double.parseDouble("1e-" + n);
        }
    }

    private final Halves half;
    private final NumberRun run = new NumberRun();

    RealReader(DataType datatype, ByteBuffer target) {
        super(datatype, target);
        half = datatype == DataType.FP16 ? Halves.FP16 : datatype == DataType.BF16 ? Halves.BF16 : null;
    }

    @Override
    public String read(JsonWindow in, int first) throws HttpFailure {
        boolean digit = first >= '0' && first <= '9';
        if (!digit && (first != '-' || in.bytes[in.at + 1] == 'I')) {
            return special(in);
        }
        take(in);
        double absolute = token.absolute();
        boolean fits =
                switch (datatype) {
                    case FP32 -> single(absolute);
                    case FP64 -> real(absolute);
                    default -> half(absolute);
                };
        return fits ? null : outOfRange();
    }

    @Override
    public int readRun(JsonWindow in, long most) {
        return datatype == DataType.FP32 ? floats(in, most) : datatype == DataType.FP64 ? doubles(in, most) : 0;
    }

    private int floats(JsonWindow in, long most) {
        byte[] source = in.bytes;
        int last = in.before(NumberRun.LONGEST);
        int at = in.at;
        int begin = target.position();
        int index = begin;
        int stop = (int) Math.min(target.limit(), begin + most * Float.BYTES);
        while (at < last && index < stop) {
            int end = run.next(source, at);
            if (end < 0) {
                break;
            }
            double close = run.digits * NEGATIVE_POWERS[run.places];
            long bits = Double.doubleToRawLongBits(close);
            // Each of three roundings is off by half a bit at most; only near the middle between floats that matters.
            int fromMiddle = ((int) bits & CUT_BITS) - MIDDLE;
            if (fromMiddle >= -TOLERANCE && fromMiddle <= TOLERANCE) {
                break;
            }
            int sign = run.negative ? Integer.MIN_VALUE : 0;
            target.putInt(index, Float.floatToRawIntBits((float) close) | sign);
            index += Float.BYTES;
            at = end;
        }
        in.at = at;
        target.position(index);
        return (index - begin) / Float.BYTES;
    }

    private int doubles(JsonWindow in, long most) {
        int last = in.before(NumberRun.LONGEST);
        int begin = target.position();
        long stop = Math.min(target.limit(), begin + most * Double.BYTES);
        while (in.at < last && target.position() < stop) {
            int end = run.next(in.bytes, in.at);
            if (end < 0) {
                break;
            }
            double absolute = DecimalToken.nearest(run.digits, -run.places);
            target.putDouble(run.negative ? -absolute : absolute);
            in.at = end;
        }
        return (target.position() - begin) / Double.BYTES;
    }

    private boolean real(double absolute) {
        target.putDouble(token.negative() ? -absolute : absolute);
        return absolute != Double.POSITIVE_INFINITY;
    }

    private boolean single(double absolute) {
        // Rounding twice is only wrong where the first rounding ends in the middle between two floats.
        float value = betweenFloats(absolute) && !token.isExact() ? roundExact(absolute) : (float) absolute;
        target.putFloat(token.negative() ? -value : value);
        return value != Float.POSITIVE_INFINITY;
    }

    static boolean betweenFloats(double absolute) {
        long bits = Double.doubleToRawLongBits(absolute);
        int below = Float.MIN_EXPONENT - Math.getExponent(absolute);
        if (below <= 0) {
            return (bits & (1L << FLOAT_CUT) - 1) == 1L << (FLOAT_CUT - 1);
        }
        int cut = FLOAT_CUT + below;
        // Beyond this it is less than half of the smallest float.
        if (cut > 53) {
            return false;
        }
        long mantissa = (bits & (1L << 52) - 1) | 1L << 52;
        return (mantissa & (1L << cut) - 1) == 1L << (cut - 1);
    }

    private float roundExact(double middle) {
        int side = token.exact().compareTo(new BigDecimal(middle));
        return (float) (side > 0 ? Math.nextUp(middle) : side < 0 ? Math.nextDown(middle) : middle);
    }

    private boolean half(double absolute) {
        int bits = half.encode(absolute, half.needsExact(absolute) ? token.exact() : BigDecimal.ZERO);
        target.putShort((short) (token.negative() ? bits | 0x8000 : bits));
        return !half.isInfinite(bits);
    }

    private String special(JsonWindow in) throws HttpFailure {
        int index = JsonWords.takeSpecial(in);
        if (index < 0) {
            JsonWords.check(in);
            return "is not a number, as " + datatype + " needs";
        }
        double value = JsonWords.special(index);
        switch (datatype) {
            case FP32 -> target.putFloat((float) value);
            case FP64 -> target.putDouble(value);
            default -> target.putShort((short) half.encode(value, BigDecimal.ZERO));
        }
        return null;
    }
}
