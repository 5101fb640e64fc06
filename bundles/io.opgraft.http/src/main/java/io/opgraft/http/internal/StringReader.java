package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads strings as length-prefixed UTF-8. */
final class StringReader implements ElementReader {
    private final Segments target;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    StringReader(Segments target) {
        this.target = target;
    }

    @Override
    public String read(JsonParser json, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            return "is not a string, as BYTES needs";
        }
        char[] characters = json.getTextCharacters();
        try {
            ByteBuffer utf8 = encoder.encode(CharBuffer.wrap(characters, json.getTextOffset(), json.getTextLength()));
            target.appendInt(utf8.remaining());
            target.append(utf8);
            return null;
        } catch (CharacterCodingException e) {
            return "has half of a surrogate pair, which is no text";
        }
    }
}
