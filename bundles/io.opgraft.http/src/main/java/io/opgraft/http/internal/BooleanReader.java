package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import java.nio.ByteBuffer;

/** Reads true and false, also as 1 and 0. */
final class BooleanReader extends NumberReader {
    private static final String WRONG = "is not true or false, as BOOL needs";

    BooleanReader(ByteBuffer target) {
        super(DataType.BOOL, target);
    }

    @Override
    public String read(JsonWindow in, int first) throws HttpFailure {
        if (beginsNumber(first) && in.bytes[in.at + 1] != 'I') {
            take(in);
            if (!token.whole()) {
                return WRONG;
            }
            if (!token.fits() || token.digits() < 0 || token.digits() > 1 || token.negative()) {
                return outOfRange();
            }
            target.put((byte) token.digits());
            return null;
        }
        Boolean value = JsonWords.takeBoolean(in);
        if (value == null) {
            JsonWords.check(in);
            return WRONG;
        }
        target.put((byte) (value ? 1 : 0));
        return null;
    }
}
