package io.opgraft.http.internal;

import java.nio.ByteBuffer;

/** Writes length-prefixed strings as JSON strings. */
final class StringText {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final String ESCAPED = "\b\f\n\r\t";
    private static final String ESCAPES = "bfnrt";

    private StringText() {}

    static void write(Segments target, String name, ByteBuffer in) throws HttpFailure {
        for (long i = 0; in.hasRemaining(); i++) {
            int length = in.getInt();
            ByteBuffer text = in.slice(in.position(), length);
            in.position(in.position() + length);
            if (i > 0) {
                target.append((byte) ',');
            }
            target.append((byte) '"');
            if (!string(target, text)) {
                throw HttpFailure.badRequest("output '" + name + "': string " + i
                        + " is not UTF-8 text, which JSON cannot hold; ask for the output with the parameter "
                        + "\"binary_data\": true");
            }
            target.append((byte) '"');
        }
    }

    /** Writes what is between the quotes; false if it is not UTF-8. */
    private static boolean string(Segments target, ByteBuffer text) {
        int begin = 0;
        int i = 0;
        int end = text.limit();
        while (i < end) {
            byte c = text.get(i);
            if (c >= ' ' && c != '"' && c != '\\') {
                i++;
            } else if (c < 0) {
                int length = Utf8.length(text, i);
                if (length == 0) {
                    return false;
                }
                i += length;
            } else {
                target.append(text.slice(begin, i - begin));
                escape(target, c);
                begin = ++i;
            }
        }
        target.append(text.slice(begin, end - begin));
        return true;
    }

    private static void escape(Segments target, byte c) {
        target.append((byte) '\\');
        int kind = ESCAPED.indexOf(c);
        if (kind >= 0) {
            target.append((byte) ESCAPES.charAt(kind));
        } else if (c == '"' || c == '\\') {
            target.append(c);
        } else {
            target.append((byte) 'u');
            target.append((byte) '0');
            target.append((byte) '0');
            target.append(HEX[c >> 4]);
            target.append(HEX[c & 0xf]);
        }
    }
}
