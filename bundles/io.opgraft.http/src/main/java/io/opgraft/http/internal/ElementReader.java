package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads one value of a tensor. */
interface ElementReader {
    /**
     * Reads the value that the parser is at.
     *
     * @return null, or what is wrong with it, to follow "value 7 of 'data'"
     */
    String read(JsonParser json, JsonToken token) throws IOException;
}
