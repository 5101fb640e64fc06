package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Checked sizes of tensors. */
final class TensorSizes {
    private TensorSizes() {}

    static long count(String label, Shape shape) throws HttpFailure {
        try {
            return shape.elementCount();
        } catch (ArithmeticException e) {
            throw HttpFailure.badRequest(label + ": shape " + shape + " is too large");
        }
    }

    /** The size of a tensor of a datatype whose elements are all of one size. */
    static long bytes(String label, DataType datatype, Shape shape, long count) throws HttpFailure {
        try {
            return Math.multiplyExact(count, (long) datatype.size());
        } catch (ArithmeticException e) {
            throw HttpFailure.badRequest(label + ": shape " + shape + " is too large");
        }
    }

    /** Checks the size that a client gives for a binary tensor. */
    static void check(String label, DataType datatype, Shape shape, long size) throws HttpFailure {
        long count = count(label, shape);
        if (datatype == DataType.BYTES) {
            if (count > size / 4) {
                throw HttpFailure.badRequest(label + ": shape " + shape + " needs " + count
                        + " strings with 4 bytes of length each; binary_data_size is " + size);
            }
            return;
        }
        long needed = bytes(label, datatype, shape, count);
        if (needed != size) {
            throw HttpFailure.badRequest(label + ": shape " + shape + " of " + datatype + " needs " + needed
                    + " bytes; binary_data_size is " + size);
        }
    }

    /** Checks the bytes of a binary tensor where not every value is one that native code may see. */
    static void checkContent(String label, DataType datatype, Shape shape, ByteBuffer content) throws HttpFailure {
        if (datatype == DataType.BYTES) {
            checkStrings(label, shape, content);
        } else if (datatype == DataType.BOOL) {
            checkBooleans(label, content);
        }
    }

    private static void checkBooleans(String label, ByteBuffer content) throws HttpFailure {
        int seen = 0;
        while (content.remaining() >= Long.BYTES) {
            long eight = content.getLong();
            seen |= (eight & ~0x0101010101010101L) == 0 ? 0 : 2;
        }
        while (content.hasRemaining()) {
            seen |= content.get();
        }
        if ((seen & ~1) != 0) {
            throw HttpFailure.badRequest(label + " of BOOL has bytes other than 0 and 1");
        }
    }

    /** Checks that length-prefixed strings are exactly as many as the shape says. */
    private static void checkStrings(String label, Shape shape, ByteBuffer content) throws HttpFailure {
        ByteBuffer bytes = content.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long count = count(label, shape);
        for (long i = 0; i < count; i++) {
            long length = bytes.remaining() < 4 ? -1 : bytes.getInt() & 0xffffffffL;
            if (length < 0 || length > bytes.remaining()) {
                throw HttpFailure.badRequest(label + ": string " + i + " of " + count + " goes beyond the "
                        + content.remaining() + " bytes of the tensor");
            }
            bytes.position(bytes.position() + (int) length);
        }
        if (bytes.hasRemaining()) {
            throw HttpFailure.badRequest(label + ": " + bytes.remaining() + " bytes are left after the " + count
                    + " strings of shape " + shape);
        }
    }
}
