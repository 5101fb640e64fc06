package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the elements of an output as JSON values, separated by commas. */
final class TensorWriter {
    private TensorWriter() {}

    static void write(Segments target, String name, DataType datatype, ByteBuffer content) throws HttpFailure {
        ByteBuffer in = content.order(ByteOrder.LITTLE_ENDIAN);
        if (datatype == DataType.BYTES) {
            StringText.write(target, name, in);
            return;
        }
        NumberText out = new NumberText(target, in.remaining() / datatype.size());
        if (datatype == DataType.FP32) {
            out.floats(in);
            out.flush();
            return;
        }
        boolean first = true;
        while (in.hasRemaining()) {
            out.next(first);
            first = false;
            switch (datatype) {
                case BOOL -> out.word(in.get() == 0 ? "false" : "true");
                case UINT8 -> out.integer(in.get() & 0xff);
                case UINT16 -> out.integer(in.getShort() & 0xffff);
                case UINT32 -> out.integer(in.getInt() & 0xffffffffL);
                case UINT64 -> out.unsigned(in.getLong());
                case INT8 -> out.integer(in.get());
                case INT16 -> out.integer(in.getShort());
                case INT32 -> out.integer(in.getInt());
                case INT64 -> out.integer(in.getLong());
                case FP16 -> out.real(Halves.FP16.decode(in.getShort()));
                case BF16 -> out.real(Halves.BF16.decode(in.getShort()));
                case FP32 -> out.real(in.getFloat());
                case FP64 -> out.real(in.getDouble());
                default -> throw new IllegalStateException(datatype.name());
            }
        }
        out.flush();
    }
}
