package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How this bundle reads and writes JSON. */
final class Json {
    /** Deepest nesting that is read. */
    static final int MAX_DEPTH = 32;

    /** Longest text outside tensor data, such as an id. */
    static final int MAX_STRING = 1 << 20;

    /** Most names, values and brackets outside tensor data. */
    static final int MAX_TOKENS = 1 << 17;

    private static final int MAX_MESSAGE = 4096;

    /** Safe for use by many threads. Names are not interned: they come from clients. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(1024)
                    .maxNumberLength(1000)
                    // What is read here lies on the heap; the data of tensors, strings included, does not.
                    .maxStringLength(MAX_STRING)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    /** For bodies that are small as a whole and may be one long text. */
    static final JsonFactory SMALL_BODIES = FACTORY.rebuild()
            .streamReadConstraints(FACTORY.streamReadConstraints()
                    .rebuild()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Writes a document. */
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /** Writes a small document. */
    static byte[] bytes(Writer writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The body of every error. */
    static byte[] error(String message) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("error", printable(message));
            json.writeEndObject();
        });
    }

    /** Text that can be shown and logged: no control characters, no lone surrogates, not longer than needed. */
    static String printable(String text) {
        if (isPlain(text)) {
            return text;
        }
        String shown = text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "..." : text;
        StringBuilder out = new StringBuilder(shown.length());
        shown.codePoints().forEach(c -> {
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            out.appendCodePoint(surrogate || (Character.isISOControl(c) && c != '\n') ? '?' : c);
        });
        return out.toString();
    }

    /** Whether there is nothing to replace, as in nearly every text. */
    private static boolean isPlain(String text) {
        boolean plain = text.length() <= MAX_MESSAGE;
        for (int i = 0; plain && i < text.length(); i++) {
            char c = text.charAt(i);
            plain = c >= ' ' && c < 0x7f;
        }
        return plain;
    }

    /** A client's text as it is quoted in messages. */
    static String quote(String text) {
        String shown = text.length() > 128 ? text.substring(0, 128) + "..." : text;
        return "'" + printable(shown).replace('\n', '?') + "'";
    }

    /** What is wrong with a document. */
    static HttpFailure malformed(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        // Where an array or object began is told in words of the parser's own settings.
        String what = e.getOriginalMessage().replaceAll(" ?\\(start marker at .*", "");
        return HttpFailure.badRequest("the request is not valid JSON: " + what + where);
    }
}
