package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.backend.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Writes the elements of an output as JSON values, numbers with the fewest digits that read back the same. */
final class TensorWriter {
    private TensorWriter() {}

    static void write(JsonGenerator json, String name, DataType datatype, ByteBuffer content)
            throws IOException, HttpFailure {
        ByteBuffer in = content.order(ByteOrder.LITTLE_ENDIAN);
        if (datatype == DataType.BYTES) {
            strings(json, name, in);
            return;
        }
        while (in.hasRemaining()) {
            switch (datatype) {
                case BOOL -> json.writeBoolean(in.get() != 0);
                case UINT8 -> json.writeNumber(in.get() & 0xff);
                case UINT16 -> json.writeNumber(in.getShort() & 0xffff);
                case UINT32 -> json.writeNumber(in.getInt() & 0xffffffffL);
                case UINT64 -> unsigned(json, in.getLong());
                case INT8 -> json.writeNumber((int) in.get());
                case INT16 -> json.writeNumber((int) in.getShort());
                case INT32 -> json.writeNumber(in.getInt());
                case INT64 -> json.writeNumber(in.getLong());
                case FP16 -> json.writeNumber(Halves.FP16.decode(in.getShort()));
                case BF16 -> json.writeNumber(Halves.BF16.decode(in.getShort()));
                case FP32 -> json.writeNumber(in.getFloat());
                case FP64 -> json.writeNumber(in.getDouble());
                default -> throw new IllegalStateException(datatype.name());
            }
        }
    }

    private static void unsigned(JsonGenerator json, long value) throws IOException {
        if (value >= 0) {
            json.writeNumber(value);
        } else {
            json.writeNumber(Long.toUnsignedString(value));
        }
    }

    private static void strings(JsonGenerator json, String name, ByteBuffer in) throws IOException, HttpFailure {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        for (long i = 0; in.hasRemaining(); i++) {
            int length = in.getInt();
            ByteBuffer text = in.slice(in.position(), length);
            in.position(in.position() + length);
            try {
                json.writeString(decoder.decode(text).toString());
            } catch (CharacterCodingException e) {
                throw HttpFailure.badRequest("output '" + name + "': string " + i
                        + " is not UTF-8 text, which JSON cannot hold; ask for the output with the parameter "
                        + "\"binary_data\": true");
            }
        }
    }
}
