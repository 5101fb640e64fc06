package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.serving.InferenceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the {@code data} of an input, flat or nested as its shape, into tensor memory. */
final class JsonTensors {
    private final JsonParser json;
    private final ElementReader elements;
    private final Shape shape;
    private final long count;
    private final String label;
    private long index;

    private JsonTensors(JsonParser json, ElementReader elements, Shape shape, long count, String label) {
        this.json = json;
        this.elements = elements;
        this.shape = shape;
        this.count = count;
        this.label = label;
    }

    /**
     * Reads an array into a new input of the request.
     *
     * @param json at the start of the array
     * @param source the whole JSON part, whose size bounds how many values there can be
     */
    static void read(
            JsonParser json, InferenceRequest request, Segments source, String name, DataType datatype, Shape shape)
            throws IOException, HttpFailure, InferenceException {
        String label = "input " + Json.quote(name);
        long count = TensorSizes.count(label, shape);
        // A value takes two bytes of JSON with its comma, so nothing large is allocated for a shape that is made up.
        if (count > source.size() / 2) {
            throw HttpFailure.badRequest(
                    label + ": shape " + shape + " needs " + count + " values, which 'data' does not have");
        }
        if (datatype == DataType.BYTES) {
            try (Segments bytes = source.another()) {
                new JsonTensors(json, new StringReader(bytes), shape, count, label).read();
                ByteBuffer target =
                        request.input(name, datatype, shape, bytes.size()).buffer();
                bytes.copyTo(target);
            }
        } else {
            ByteBuffer target = request.input(name, datatype, shape, TensorSizes.bytes(label, datatype, shape, count))
                    .buffer()
                    .order(ByteOrder.LITTLE_ENDIAN);
            new JsonTensors(json, NumberReader.of(datatype, target), shape, count, label).read();
        }
    }

    private void read() throws IOException, HttpFailure {
        JsonToken token = json.nextToken();
        if (token == JsonToken.START_ARRAY) {
            level(token, 0);
        } else {
            while (token != JsonToken.END_ARRAY) {
                element(token);
                token = json.nextToken();
            }
        }
        if (index != count) {
            throw HttpFailure.badRequest(
                    label + ": shape " + shape + " needs " + count + " values, 'data' has " + index);
        }
    }

    /** Reads one level of nested data, from its first token to its end. */
    private void level(JsonToken first, int depth) throws IOException, HttpFailure {
        long n = 0;
        for (JsonToken token = first; token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (depth >= shape.rank() - 1) {
                element(token);
            } else if (token == JsonToken.START_ARRAY) {
                level(json.nextToken(), depth + 1);
            } else {
                throw misfit();
            }
            n++;
        }
        if (shape.rank() == 0 || n != shape.dimension(depth)) {
            throw misfit();
        }
    }

    private HttpFailure misfit() {
        return HttpFailure.badRequest(label + ": the nesting of 'data' does not fit shape " + shape);
    }

    private void element(JsonToken token) throws IOException, HttpFailure {
        if (index == count) {
            throw HttpFailure.badRequest(label + ": shape " + shape + " needs " + count + " values, 'data' has more");
        }
        if (token == null || !token.isScalarValue()) {
            throw misfit();
        }
        String fault = elements.read(json, token);
        if (fault != null) {
            throw HttpFailure.badRequest(label + ": value " + index + " of 'data' " + fault);
        }
        index++;
    }
}
