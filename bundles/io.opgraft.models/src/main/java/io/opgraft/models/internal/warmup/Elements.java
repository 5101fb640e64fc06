package io.opgraft.models.internal.warmup;

import io.opgraft.backend.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Tensor elements between JSON values and the bytes that backends take. */
final class Elements {
    private static final Map<String, Double> WORDS = Map.of(
            "NaN", Double.NaN,
            "Infinity", Double.POSITIVE_INFINITY,
            "-Infinity", Double.NEGATIVE_INFINITY);

    private Elements() {}

    /** Encodes elements, little-endian; byte strings with their length before them. */
    static ByteBuffer encode(DataType type, List<Object> values) throws MalformedException {
        if (type == DataType.BYTES) {
            return strings(values);
        }
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(values.size(), type.size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            put(out, type, value);
        }
        return out.flip();
    }

    private static ByteBuffer strings(List<Object> values) throws MalformedException {
        long size = 0;
        for (Object value : values) {
            if (!(value instanceof String text)) {
                throw new MalformedException("has " + value + " where BYTES needs a string");
            }
            size += Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
            out.putInt(bytes.length).put(bytes);
        }
        return out.flip();
    }

    private static void put(ByteBuffer out, DataType type, Object value) throws MalformedException {
        switch (type) {
            case BOOL -> out.put((byte) (value instanceof Boolean b ? b ? 1 : 0 : whole(type, value, 0, 1)));
            case INT8 -> out.put((byte) whole(type, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> out.put((byte) whole(type, value, 0, 0xff));
            case INT16 -> out.putShort((short) whole(type, value, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT16 -> out.putShort((short) whole(type, value, 0, 0xffff));
            case INT32 -> out.putInt((int) whole(type, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case UINT32 -> out.putInt((int) whole(type, value, 0, 0xffff_ffffL));
            case INT64 -> out.putLong(whole(type, value, Long.MIN_VALUE, Long.MAX_VALUE));
            case UINT64 -> out.putLong(unsigned(value));
            case FP16 -> out.putShort(Halves.toFp16(number(type, value).doubleValue()));
            case BF16 -> out.putShort(Halves.toBf16(number(type, value).floatValue()));
            case FP32 -> out.putFloat(number(type, value).floatValue());
            case FP64 -> out.putDouble(number(type, value).doubleValue());
            default -> throw new MalformedException("has the datatype " + type + ", which JSON cannot carry");
        }
    }

    private static Number number(DataType type, Object value) throws MalformedException {
        if (value instanceof String word && WORDS.containsKey(word)) {
            return WORDS.get(word);
        }
        if (value instanceof Number number) {
            return number;
        }
        throw new MalformedException("has " + quoted(value) + " where " + type + " needs a number");
    }

    private static BigInteger integer(DataType type, Object value) throws MalformedException {
        try {
            Number number = number(type, value);
            return number instanceof BigDecimal decimal
                    ? decimal.toBigIntegerExact()
                    : new BigInteger(number.toString());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new MalformedException("has " + value + " where " + type + " needs a whole number");
        }
    }

    private static long whole(DataType type, Object value, long lowest, long highest) throws MalformedException {
        BigInteger integer = integer(type, value);
        if (integer.compareTo(BigInteger.valueOf(lowest)) < 0 || integer.compareTo(BigInteger.valueOf(highest)) > 0) {
            throw new MalformedException("has " + value + ", which is outside of " + type);
        }
        return integer.longValue();
    }

    private static long unsigned(Object value) throws MalformedException {
        BigInteger integer = integer(DataType.UINT64, value);
        if (integer.signum() < 0 || integer.bitLength() > Long.SIZE) {
            throw new MalformedException("has " + value + ", which is outside of UINT64");
        }
        return integer.longValue();
    }

    private static String quoted(Object value) {
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    /** Takes the next element: a Double for floating point, a BigInteger, a Boolean or a String. */
    static Object next(ByteBuffer in, DataType type) {
        return switch (type) {
            case BOOL -> in.get() != 0;
            case INT8 -> BigInteger.valueOf(in.get());
            case UINT8 -> BigInteger.valueOf(Byte.toUnsignedInt(in.get()));
            case INT16 -> BigInteger.valueOf(in.getShort());
            case UINT16 -> BigInteger.valueOf(Short.toUnsignedInt(in.getShort()));
            case INT32 -> BigInteger.valueOf(in.getInt());
            case UINT32 -> BigInteger.valueOf(Integer.toUnsignedLong(in.getInt()));
            case INT64 -> BigInteger.valueOf(in.getLong());
            case UINT64 -> new BigInteger(Long.toUnsignedString(in.getLong()));
            case FP16 -> (double) Halves.fromFp16(in.getShort());
            case BF16 -> (double) Halves.fromBf16(in.getShort());
            case FP32 -> (double) in.getFloat();
            case FP64 -> in.getDouble();
            case BYTES -> {
                byte[] bytes = new byte[in.getInt()];
                in.get(bytes);
                // Each byte as one character, so that strings that are no UTF-8 differ too.
                yield new String(bytes, StandardCharsets.ISO_8859_1);
            }
        };
    }
}
