package io.opgraft.models.internal.warmup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a small JSON file as maps, lists, strings, numbers and booleans. */
final class JsonTree {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_DEPTH = 32;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            // Python's json writes NaN and Infinity so, and so does the server.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength((int) MAX_BYTES)
                    .build())
            .build();

    private JsonTree() {}

    /** Reads a file that holds one object. */
    static Map<?, ?> read(Path file) throws MalformedException, IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedException("is larger than " + (MAX_BYTES >> 20) + " MiB");
        }
        try (JsonParser json = FACTORY.createParser(file.toFile())) {
            json.nextToken();
            Object tree = value(json);
            if (json.nextToken() != null) {
                throw new MalformedException("goes on after the end of its JSON value");
            }
            if (tree instanceof Map<?, ?> map) {
                return map;
            }
            throw new MalformedException("holds no JSON object");
        } catch (JsonProcessingException e) {
            throw new MalformedException("is no JSON: " + e.getOriginalMessage()
                    + (e.getLocation() == null
                            ? ""
                            : ", line " + e.getLocation().getLineNr()));
        }
    }

    private static Object value(JsonParser json) throws IOException, MalformedException {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new MalformedException("is empty");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    if (map.put(name, value(json)) != null) {
                        throw new MalformedException("has the field \"" + name + "\" twice");
                    }
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> json.isNaN() ? (Object) json.getDoubleValue() : json.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new MalformedException("holds a null or an unknown token");
        };
    }
}
