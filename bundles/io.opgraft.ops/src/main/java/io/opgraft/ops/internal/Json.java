package io.opgraft.ops.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, whole numbers and booleans. Reading throws on anything else. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    static String write(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(out, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(entry.getKey().toString());
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            out.writeStartArray();
            for (Object each : list) {
                write(out, each);
            }
            out.writeEndArray();
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else {
            out.writeString(value.toString());
        }
    }

    /** Reads an object. */
    static Node read(String text) throws IOException {
        try (JsonParser in = FACTORY.createParser(text)) {
            in.nextToken();
            return new Node(value(in));
        }
    }

    private static Object value(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw new IOException("the text ends too early");
        }
        switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    map.put(name, value(in));
                }
                return map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(in));
                }
                return list;
            }
            case VALUE_STRING -> {
                return in.getText();
            }
            case VALUE_NUMBER_INT -> {
                return in.getLongValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return in.getBooleanValue();
            }
            default -> throw new IOException("unexpected " + token);
        }
    }

    /** A value whose parts are asked for by kind; a part that is not there or of another kind is an error. */
    record Node(Object value) {
        Node get(String name) throws IOException {
            if (value instanceof Map<?, ?> map && map.get(name) != null) {
                return new Node(map.get(name));
            }
            throw new IOException("there is no " + name);
        }

        String text(String name) throws IOException {
            return get(name).text();
        }

        String text() throws IOException {
            if (value instanceof String text) {
                return text;
            }
            throw new IOException(value + " is no text");
        }

        long number(String name) throws IOException {
            if (get(name).value instanceof Long number) {
                return number;
            }
            throw new IOException(name + " is no number");
        }

        List<Node> list(String name) throws IOException {
            if (get(name).value instanceof List<?> list) {
                return list.stream().map(each -> new Node((Object) each)).toList();
            }
            throw new IOException(name + " is no list");
        }

        List<String> texts(String name) throws IOException {
            List<String> texts = new ArrayList<>();
            for (Node node : list(name)) {
                texts.add(node.text());
            }
            return texts;
        }

        Map<String, Node> map(String name) throws IOException {
            if (get(name).value instanceof Map<?, ?> map) {
                Map<String, Node> nodes = new LinkedHashMap<>();
                map.forEach((key, each) -> nodes.put(key.toString(), new Node(each)));
                return nodes;
            }
            throw new IOException(name + " is no object");
        }
    }
}
