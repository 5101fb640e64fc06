package io.opgraft.http.internal;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.opgraft.backend.Shape;
import java.nio.charset.StandardCharsets;

/** The JSON part of an answer, put together from text. A generator costs more than the few fields that there are. */
final class JsonText {
    private final Segments target;
    private final StringBuilder text = new StringBuilder(256);

    JsonText(Segments target) {
        this.target = target;
    }

    /** Adds JSON. */
    JsonText add(String json) {
        text.append(json);
        return this;
    }

    JsonText number(long value) {
        text.append(value);
        return this;
    }

    /** Adds any text as a string. */
    JsonText string(String value) {
        text.append('"');
        if (isPlain(value)) {
            text.append(value);
        } else {
            text.append(JsonStringEncoder.getInstance().quoteAsString(value));
        }
        text.append('"');
        return this;
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Adds the dimensions as an array. */
    JsonText shape(Shape shape) {
        text.append('[');
        for (int i = 0; i < shape.rank(); i++) {
            text.append(i == 0 ? "" : ",").append(shape.dimension(i));
        }
        text.append(']');
        return this;
    }

    /** Gives the target all that was added. */
    void flush() {
        // What is no character, half of a surrogate pair, becomes a question mark.
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        target.append(bytes, 0, bytes.length);
        text.setLength(0);
    }
}
