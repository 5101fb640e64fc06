package io.opgraft.http.internal;

/** Finds the end of a JSON array without looking at what is in it. */
final class JsonSkip {
    private JsonSkip() {}

    /**
     * Goes to the bracket that closes an array.
     *
     * @param in after the opening bracket; afterwards the closing one is next
     * @param depth how deep the array is nested
     */
    static void array(JsonWindow in, int depth) throws HttpFailure {
        int level = depth;
        while (true) {
            switch (in.space()) {
                case '"' -> string(in);
                case '[', '{' -> {
                    if (++level > Json.MAX_DEPTH) {
                        throw HttpFailure.badRequest("the request is not valid JSON: its nesting depth is more than "
                                + Json.MAX_DEPTH + ", the limit of this server");
                    }
                }
                case ']', '}' -> {
                    if (--level < depth) {
                        return;
                    }
                }
                case 0 -> throw in.malformed();
                default -> {
                    // Looked at when the array is read.
                }
            }
            in.at++;
        }
    }

    /** Goes to the closing quote of a string; the opening one is next. */
    private static void string(JsonWindow in) throws HttpFailure {
        while (true) {
            in.at++;
            if (!in.within(in.at + 1)) {
                in.fill();
            }
            byte c = in.bytes[in.at];
            if (c == '"') {
                return;
            }
            if (c == '\\') {
                in.at++;
            } else if (c == 0) {
                throw in.malformed();
            }
        }
    }
}
