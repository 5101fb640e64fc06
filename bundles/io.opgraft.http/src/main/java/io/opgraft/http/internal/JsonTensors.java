package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.serving.InferenceRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the {@code data} of an input, flat or nested as its shape, into tensor memory. */
final class JsonTensors {
    private final JsonWindow in;
    private final ElementReader elements;
    private final Shape shape;
    private final long count;
    private final String label;
    private long index;

    private JsonTensors(JsonWindow in, ElementReader elements, Shape shape, long count, String label) {
        this.in = in;
        this.elements = elements;
        this.shape = shape;
        this.count = count;
        this.label = label;
    }

    /**
     * Reads an array into a new input of the request.
     *
     * @param source the whole JSON part, whose size bounds how many values there can be
     * @param from offset in it of the first byte after the opening bracket
     * @return offset of the closing bracket
     */
    static long read(Segments source, long from, InferenceRequest request, String name, DataType datatype, Shape shape)
            throws HttpFailure, InferenceException {
        String label = "input " + Json.quote(name);
        long count = TensorSizes.count(label, shape);
        // A value takes two bytes of JSON with its comma, so nothing large is allocated for a shape that is made up.
        if (count > source.size() / 2) {
            throw HttpFailure.badRequest(
                    label + ": shape " + shape + " needs " + count + " values, which 'data' does not have");
        }
        JsonWindow in = new JsonWindow(source, from);
        if (datatype == DataType.BYTES) {
            try (Segments bytes = source.another()) {
                new JsonTensors(in, new StringReader(bytes), shape, count, label).read();
                ByteBuffer target =
                        request.input(name, datatype, shape, bytes.size()).buffer();
                bytes.copyTo(target);
            }
        } else {
            ByteBuffer target = request.input(name, datatype, shape, TensorSizes.bytes(label, datatype, shape, count))
                    .buffer()
                    .order(ByteOrder.LITTLE_ENDIAN);
            new JsonTensors(in, NumberReader.of(datatype, target), shape, count, label).read();
        }
        return in.position();
    }

    /** Reads the array; its closing bracket is next afterwards. */
    private void read() throws HttpFailure {
        if (in.space() == '[') {
            level(0);
        } else if (in.space() != ']') {
            do {
                run();
                element();
            } while (another());
        }
        if (index != count) {
            throw HttpFailure.badRequest(
                    label + ": shape " + shape + " needs " + count + " values, 'data' has " + index);
        }
    }

    /** Reads one level of nested data, from behind its opening bracket; its closing one is next afterwards. */
    private void level(int depth) throws HttpFailure {
        long n = 0;
        if (in.space() != ']') {
            do {
                if (depth >= shape.rank() - 1) {
                    n += run();
                    element();
                } else if (in.space() == '[') {
                    in.at++;
                    level(depth + 1);
                    in.at++;
                } else {
                    throw misfit();
                }
                n++;
            } while (another());
        }
        if (shape.rank() == 0 || n != shape.dimension(depth)) {
            throw misfit();
        }
    }

    /** Takes a comma; false if a closing bracket is next. */
    private boolean another() throws HttpFailure {
        int c = in.bytes[in.at] == ',' ? ',' : in.space();
        if (c == ',') {
            in.at++;
            return true;
        }
        if (c != ']') {
            throw in.malformed();
        }
        return false;
    }

    private HttpFailure misfit() {
        return HttpFailure.badRequest(label + ": the nesting of 'data' does not fit shape " + shape);
    }

    /** Takes some elements with the commas behind them if that is quick, and returns how many. */
    private int run() {
        int n = elements.readRun(in, count - index);
        index += n;
        return n;
    }

    private void element() throws HttpFailure {
        int first = in.space();
        if (first == '[' || first == '{') {
            throw misfit();
        }
        if (index == count) {
            JsonWords.check(in);
            throw HttpFailure.badRequest(label + ": shape " + shape + " needs " + count + " values, 'data' has more");
        }
        String fault = elements.read(in, first);
        if (fault != null) {
            throw HttpFailure.badRequest(label + ": value " + index + " of 'data' " + fault);
        }
        index++;
    }
}
