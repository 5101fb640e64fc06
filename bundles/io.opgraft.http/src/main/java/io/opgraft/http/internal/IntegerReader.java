package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Reads whole numbers, none of which may lose a bit. */
final class IntegerReader extends NumberReader {
    private final NumberRun run = new NumberRun();
    private final int size;

    /** Largest number, unsigned. */
    private final long max;

    /** Largest number after a minus sign, unsigned. */
    private final long maxNegative;

    IntegerReader(DataType datatype, ByteBuffer target) {
        super(datatype, target);
        size = datatype.size();
        boolean signed = datatype.name().startsWith("I");
        long allBits = -1L >>> (Long.SIZE - 8 * size);
        max = signed ? allBits >>> 1 : allBits;
        maxNegative = signed ? max + 1 : 0;
    }

    @Override
    public String read(JsonWindow in, int first) throws HttpFailure {
        if (!beginsNumber(first) || in.bytes[in.at + 1] == 'I') {
            JsonWords.check(in);
            return "is not a whole number, as " + datatype + " needs";
        }
        take(in);
        if (!token.whole()) {
            return "(" + shown() + ") is not a whole number, as " + datatype + " needs";
        }
        long value = token.digits();
        if (!token.fits()) {
            BigInteger large = token.integer().abs();
            if (large.bitLength() > Long.SIZE) {
                return outOfRange();
            }
            value = large.longValue();
        }
        if (Long.compareUnsigned(value, token.negative() ? maxNegative : max) > 0) {
            return outOfRange();
        }
        put(token.negative() ? -value : value);
        return null;
    }

    @Override
    public int readRun(JsonWindow in, long most) {
        int last = in.before(NumberRun.LONGEST);
        int n = 0;
        while (in.at < last && n < most) {
            int end = run.next(in.bytes, in.at);
            boolean fits = end >= 0
                    && run.places == 0
                    && Long.compareUnsigned(run.digits, run.negative ? maxNegative : max) <= 0;
            if (!fits) {
                break;
            }
            put(run.negative ? -run.digits : run.digits);
            in.at = end;
            n++;
        }
        return n;
    }

    private void put(long value) {
        switch (size) {
            case 1 -> target.put((byte) value);
            case 2 -> target.putShort((short) value);
            case 4 -> target.putInt((int) value);
            default -> target.putLong(value);
        }
    }
}
