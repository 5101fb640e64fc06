package io.opgraft.models.internal.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A name with attributes, as {@code name;attribute='value';attribute=value}.
 *
 * @param name what stands before the first semicolon
 * @param attributes in the order of the text
 */
record Clause(String name, Map<String, String> attributes) {
    /** Why a text is no clause, as part of a sentence. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    static Clause parse(String text) throws MalformedException {
        int at = text.indexOf(';');
        String name = (at < 0 ? text : text.substring(0, at)).strip();
        Map<String, String> attributes = new LinkedHashMap<>();
        while (at >= 0) {
            int end = end(text, at + 1);
            add(text.substring(at + 1, end < 0 ? text.length() : end).strip(), attributes);
            at = end;
        }
        return new Clause(name, attributes);
    }

    /** Where the next semicolon outside of quotation marks is; -1 if there is none. */
    private static int end(String text, int from) {
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ';') {
                return i;
            }
        }
        return -1;
    }

    private static void add(String attribute, Map<String, String> attributes) throws MalformedException {
        int equal = attribute.indexOf('=');
        if (equal < 0) {
            throw new MalformedException("\"" + attribute + "\" is no attribute, which is a name, \"=\" and a value");
        }
        String name = attribute.substring(0, equal).strip();
        String value = attribute.substring(equal + 1).strip();
        if (!value.isEmpty() && (value.charAt(0) == '\'' || value.charAt(0) == '"')) {
            if (value.length() < 2 || value.charAt(value.length() - 1) != value.charAt(0)) {
                throw new MalformedException("a quotation mark is missing");
            }
            value = value.substring(1, value.length() - 1);
        }
        if (attributes.putIfAbsent(name, value) != null) {
            throw new MalformedException("the attribute \"" + name + "\" is there twice");
        }
    }
}
