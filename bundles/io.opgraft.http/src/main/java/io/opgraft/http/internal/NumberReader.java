package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import java.nio.ByteBuffer;

/** Reads values of the datatypes whose elements have a fixed size into tensor memory. */
abstract class NumberReader implements ElementReader {
    final DataType datatype;
    final ByteBuffer target;
    final DecimalToken token = new DecimalToken();

    NumberReader(DataType datatype, ByteBuffer target) {
        this.datatype = datatype;
        this.target = target;
    }

    /**
     * Makes a reader.
     *
     * @param target little-endian
     */
    static NumberReader of(DataType datatype, ByteBuffer target) {
        return switch (datatype) {
            case BOOL -> new BooleanReader(target);
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> new IntegerReader(datatype, target);
            case FP16, BF16, FP32, FP64 -> new RealReader(datatype, target);
            case BYTES -> throw new IllegalArgumentException("BYTES has no numbers");
        };
    }

    /** Takes the number that begins here. */
    final void take(JsonWindow in) throws HttpFailure {
        int end = token.scan(in.bytes, in.at);
        if (end < 0 || end - in.at > JsonWindow.LONGEST) {
            throw HttpFailure.badRequest("the request is not valid JSON: "
                    + (end < 0 ? "a malformed number" : "a number of more than " + JsonWindow.LONGEST + " characters")
                    + " (byte " + (in.position() + 1) + ")");
        }
        in.at = end;
    }

    static boolean beginsNumber(int first) {
        return first == '-' || (first >= '0' && first <= '9');
    }

    final String outOfRange() {
        return "(" + shown() + ") is out of range for " + datatype;
    }

    final String shown() {
        String text = token.text();
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
