package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.backend.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads fields of requests, with messages that name them. */
final class JsonFields {
    private static final int MAX_RANK = Json.MAX_DEPTH;

    private JsonFields() {}

    /** Refuses UTF-16 and UTF-32, which the parser would detect and accept. */
    static void checkUtf8(Segments source) throws HttpFailure {
        ByteBuffer begin = source.begin();
        for (int i = 0; i < 4 && begin.hasRemaining(); i++) {
            int b = begin.get() & 0xff;
            if (b == 0 || b == 0xfe || b == 0xff) {
                throw HttpFailure.badRequest("the request is not JSON in UTF-8");
            }
        }
    }

    static void expect(JsonParser json, JsonToken token, String what) throws HttpFailure {
        if (json.currentToken() != token) {
            throw wrong(what, token == JsonToken.START_ARRAY ? "an array" : "an object");
        }
    }

    /** Whether there is null, which stands for nothing, in place of a structure; refuses all else. */
    static boolean isNullOr(JsonParser json, JsonToken token, String what) throws HttpFailure {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return true;
        }
        expect(json, token, what);
        return false;
    }

    static String string(JsonParser json, String what) throws IOException, HttpFailure {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(what, "a string");
        }
        return json.getText();
    }

    static boolean bool(JsonParser json, String what) throws HttpFailure {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wrong(what, "true or false");
        };
    }

    /** A whole number from 0 up. */
    static long size(JsonParser json, String what) throws IOException, HttpFailure {
        boolean fits = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!fits || json.getLongValue() < 0) {
            throw wrong(what, "a whole number from 0 to 2^63-1");
        }
        return json.getLongValue();
    }

    static Shape shape(JsonParser json, String what) throws IOException, HttpFailure {
        expect(json, JsonToken.START_ARRAY, what);
        long[] dimensions = new long[4];
        int rank = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (rank == MAX_RANK) {
                throw HttpFailure.badRequest(what + " has more than " + MAX_RANK + " dimensions");
            }
            if (rank == dimensions.length) {
                dimensions = Arrays.copyOf(dimensions, 2 * rank);
            }
            dimensions[rank++] = size(json, "each dimension of " + what);
        }
        return Shape.of(Arrays.copyOf(dimensions, rank));
    }

    /** A parameter that has no meaning here. */
    static void scalar(JsonParser json, JsonToken value, String what) throws HttpFailure {
        if (value == null || !value.isScalarValue() || value == JsonToken.VALUE_NULL) {
            throw wrong(what, "a string, a number or true or false");
        }
    }

    /** A parameter of a tensor that has no meaning here, unless it asks for what is not supported. */
    static void parameter(JsonParser json, JsonToken value, String where, String name) throws HttpFailure {
        if (name.startsWith("shared_memory")) {
            throw HttpFailure.unsupported(
                    "shared memory (" + where + "." + Json.quote(name) + ")", "send the tensors in the request");
        }
        scalar(json, value, where + "." + Json.quote(name));
    }

    private static HttpFailure wrong(String what, String expected) {
        return HttpFailure.badRequest(what + " must be " + expected);
    }
}
