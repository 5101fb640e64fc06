package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.backend.DataType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Readers for the datatypes whose elements have a fixed size. */
final class NumberReader {
    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private NumberReader() {}

    /**
     * Makes a reader.
     *
     * @param target little-endian
     */
    static ElementReader of(DataType datatype, ByteBuffer target) {
        return switch (datatype) {
            case BOOL -> (json, token) -> bool(json, token, target);
            case UINT8 -> (json, token) -> integer(json, token, datatype, 0, 0xff, target);
            case UINT16 -> (json, token) -> integer(json, token, datatype, 0, 0xffff, target);
            case UINT32 -> (json, token) -> integer(json, token, datatype, 0, 0xffffffffL, target);
            case UINT64 -> (json, token) -> unsignedLong(json, token, target);
            case INT8 -> (json, token) -> integer(json, token, datatype, Byte.MIN_VALUE, Byte.MAX_VALUE, target);
            case INT16 -> (json, token) -> integer(json, token, datatype, Short.MIN_VALUE, Short.MAX_VALUE, target);
            case INT32 -> (json, token) -> integer(json, token, datatype, Integer.MIN_VALUE, Integer.MAX_VALUE, target);
            case INT64 -> (json, token) -> integer(json, token, datatype, Long.MIN_VALUE, Long.MAX_VALUE, target);
            case FP16 -> (json, token) -> half(json, token, Halves.FP16, datatype, target);
            case BF16 -> (json, token) -> half(json, token, Halves.BF16, datatype, target);
            case FP32 -> (json, token) -> single(json, token, target);
            case FP64 -> (json, token) -> real(json, token, target);
            case BYTES -> throw new IllegalArgumentException("BYTES has no numbers");
        };
    }

    private static String bool(JsonParser json, JsonToken token, ByteBuffer target) throws IOException {
        switch (token) {
            case VALUE_TRUE -> target.put((byte) 1);
            case VALUE_FALSE -> target.put((byte) 0);
            case VALUE_NUMBER_INT -> {
                String text = json.getText();
                if (!text.equals("0") && !text.equals("1")) {
                    return outOfRange(json, DataType.BOOL);
                }
                target.put((byte) (text.charAt(0) - '0'));
            }
            default -> {
                return "is not true or false, as BOOL needs";
            }
        }
        return null;
    }

    private static String integer(
            JsonParser json, JsonToken token, DataType datatype, long min, long max, ByteBuffer target)
            throws IOException {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            return notWhole(json, token, datatype);
        }
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return outOfRange(json, datatype);
        }
        long value = json.getLongValue();
        if (value < min || value > max) {
            return outOfRange(json, datatype);
        }
        switch (datatype.size()) {
            case 1 -> target.put((byte) value);
            case 2 -> target.putShort((short) value);
            case 4 -> target.putInt((int) value);
            default -> target.putLong(value);
        }
        return null;
    }

    private static String unsignedLong(JsonParser json, JsonToken token, ByteBuffer target) throws IOException {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            return notWhole(json, token, DataType.UINT64);
        }
        if (json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return integer(json, token, DataType.UINT64, 0, Long.MAX_VALUE, target);
        }
        BigInteger value = json.getBigIntegerValue();
        if (value.signum() < 0 || value.compareTo(UINT64_MAX) > 0) {
            return outOfRange(json, DataType.UINT64);
        }
        target.putLong(value.longValue());
        return null;
    }

    private static String single(JsonParser json, JsonToken token, ByteBuffer target) throws IOException {
        float value;
        if (token == JsonToken.VALUE_NUMBER_FLOAT && !json.isNaN()) {
            value = json.getFloatValue();
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            // Each branch rounds once; through a double it would be twice.
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                value = Float.parseFloat(json.getText());
            } else {
                long whole = json.getLongValue();
                value = whole == 0 ? (float) signed(json, whole) : (float) whole;
            }
        } else {
            Double special = special(json, token);
            if (special == null) {
                return notNumber(DataType.FP32);
            }
            target.putFloat(special.floatValue());
            return null;
        }
        if (Float.isInfinite(value)) {
            return outOfRange(json, DataType.FP32);
        }
        target.putFloat(value);
        return null;
    }

    private static String real(JsonParser json, JsonToken token, ByteBuffer target) throws IOException {
        Double value = number(json, token);
        if (value == null) {
            Double special = special(json, token);
            if (special == null) {
                return notNumber(DataType.FP64);
            }
            target.putDouble(special);
            return null;
        }
        if (value.isInfinite()) {
            return outOfRange(json, DataType.FP64);
        }
        target.putDouble(value);
        return null;
    }

    private static String half(JsonParser json, JsonToken token, Halves format, DataType datatype, ByteBuffer target)
            throws IOException {
        Double value = number(json, token);
        if (value == null) {
            Double special = special(json, token);
            if (special == null) {
                return notNumber(datatype);
            }
            target.putShort((short) format.encode(special, BigDecimal.ZERO));
            return null;
        }
        int bits = format.needsExact(value)
                ? format.encode(value, new BigDecimal(json.getText()).abs())
                : format.encode(value, BigDecimal.ZERO);
        if (value.isInfinite() || format.isInfinite(bits)) {
            return outOfRange(json, datatype);
        }
        target.putShort((short) bits);
        return null;
    }

    /** The value of a finite number, infinite if it is too large; null if it is none. */
    private static Double number(JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_FLOAT && !json.isNaN()) {
            return json.getDoubleValue();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? Double.parseDouble(json.getText())
                    : signed(json, json.getLongValue());
        }
        return null;
    }

    /** Keeps the sign of {@code -0}, which a whole number would lose. */
    private static double signed(JsonParser json, long value) throws IOException {
        return value == 0 && json.getText().startsWith("-") ? -0.0 : value;
    }

    /** The value of what stands for no finite number, as a bare word or quoted; null if it is something else. */
    private static Double special(JsonParser json, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_STRING) {
            return null;
        }
        return switch (json.getText()) {
            case "NaN" -> Double.NaN;
            case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    private static String notNumber(DataType datatype) {
        return "is not a number, as " + datatype + " needs";
    }

    private static String notWhole(JsonParser json, JsonToken token, DataType datatype) throws IOException {
        String shown = token == JsonToken.VALUE_NUMBER_FLOAT ? "(" + shown(json) + ") " : "";
        return shown + "is not a whole number, as " + datatype + " needs";
    }

    private static String outOfRange(JsonParser json, DataType datatype) throws IOException {
        return "(" + shown(json) + ") is out of range for " + datatype;
    }

    private static String shown(JsonParser json) throws IOException {
        String text = json.getText();
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
