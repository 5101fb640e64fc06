package io.opgraft.ops.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a {@code Provide-Capability} header of a bundle that is not installed. Attributes of type {@code List} become
 * lists, all others texts, which is as good here.
 */
final class CapabilityHeader {
    private final String text;
    private int at;

    private CapabilityHeader(String text) {
        this.text = text;
    }

    /** The attributes of each capability of a name space. */
    static List<Map<String, Object>> read(String header, String namespace) throws IOException {
        CapabilityHeader reader = new CapabilityHeader(header == null ? "" : header);
        List<Map<String, Object>> found = new ArrayList<>();
        reader.skipSpaces();
        while (reader.at < reader.text.length()) {
            String name = reader.token();
            Map<String, Object> attributes = reader.parameters();
            if (name.equals(namespace)) {
                found.add(attributes);
            }
            if (!reader.accept(',') && reader.at < reader.text.length()) {
                throw reader.error();
            }
        }
        return found;
    }

    private Map<String, Object> parameters() throws IOException {
        Map<String, Object> attributes = new LinkedHashMap<>();
        while (accept(';')) {
            String name = token();
            String type = "";
            boolean directive = false;
            if (accept(':')) {
                if (accept('=')) {
                    directive = true;
                } else {
                    type = token();
                }
            }
            if (!directive && !accept('=')) {
                throw error();
            }
            String value = value();
            if (!directive) {
                attributes.put(name, type.startsWith("List") ? list(value) : value);
            }
        }
        return attributes;
    }

    private static List<String> list(String value) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                part.append(value.charAt(++i));
            } else if (c == ',') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private String value() throws IOException {
        skipSpaces();
        if (at >= text.length() || text.charAt(at) != '"') {
            return token();
        }
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length() && "\"\\".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
            }
            value.append(text.charAt(at));
        }
        if (at >= text.length()) {
            throw error();
        }
        at++;
        skipSpaces();
        return value.toString();
    }

    private String token() throws IOException {
        skipSpaces();
        int start = at;
        while (at < text.length() && ";,:=\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String token = text.substring(start, at).strip();
        if (token.isEmpty()) {
            throw error();
        }
        return token;
    }

    private boolean accept(char wanted) {
        skipSpaces();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IOException error() {
        return new IOException("its Provide-Capability header cannot be read at character " + (at + 1));
    }
}
