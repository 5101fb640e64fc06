package io.opgraft.http.internal;

/** Reads strings as length-prefixed UTF-8. */
final class StringReader implements ElementReader {
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";
    private static final int LONGEST_ESCAPE = 12;

    private final Segments target;

    StringReader(Segments target) {
        this.target = target;
    }

    @Override
    public String read(JsonWindow in, int first) throws HttpFailure {
        if (first != '"') {
            JsonWords.check(in);
            return "is not a string, as BYTES needs";
        }
        in.at++;
        long mark = target.size();
        target.appendInt(0);
        while (true) {
            plain(in);
            if (in.more() && !in.within(in.at + LONGEST_ESCAPE)) {
                in.fill();
                continue;
            }
            byte c = in.bytes[in.at];
            if (c == '"') {
                in.at++;
                target.setInt(mark, Math.toIntExact(target.size() - mark - Integer.BYTES));
                return null;
            }
            if (c < 0) {
                multibyte(in);
            } else if (c != '\\') {
                throw in.malformed();
            } else if (!escape(in)) {
                return "has half of a surrogate pair, which is no text";
            }
        }
    }

    /** Takes characters that stand for themselves in one byte. */
    private void plain(JsonWindow in) {
        int begin = in.at;
        int i = begin;
        byte c = in.bytes[i];
        while (c >= ' ' && c != '"' && c != '\\') {
            c = in.bytes[++i];
        }
        in.at = i;
        target.append(in.bytes, begin, i - begin);
    }

    private void multibyte(JsonWindow in) throws HttpFailure {
        int length = Utf8.length(in.buffer(), in.at);
        if (length == 0) {
            throw HttpFailure.badRequest(
                    "the request is not valid JSON: it is not UTF-8 (byte " + (in.position() + 1) + ")");
        }
        target.append(in.bytes, in.at, length);
        in.at += length;
    }

    /** Takes an escape; false if it is half of a character. */
    private boolean escape(JsonWindow in) throws HttpFailure {
        int kind = ESCAPES.indexOf(in.bytes[in.at + 1]);
        if (kind >= 0) {
            in.at += 2;
            target.append((byte) ESCAPED.charAt(kind));
            return true;
        }
        int character = unit(in);
        if (Character.isHighSurrogate((char) character) && in.bytes[in.at] == '\\' && in.bytes[in.at + 1] == 'u') {
            int low = unit(in);
            if (!Character.isLowSurrogate((char) low)) {
                return false;
            }
            character = Character.toCodePoint((char) character, (char) low);
        }
        if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            return false;
        }
        encode(character);
        return true;
    }

    /** Takes an escaped UTF-16 unit. */
    private static int unit(JsonWindow in) throws HttpFailure {
        in.at++;
        if (in.bytes[in.at] != 'u') {
            throw in.malformed();
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            in.at++;
            int digit = Character.digit(in.bytes[in.at], 16);
            if (digit < 0) {
                throw in.malformed();
            }
            value = value << 4 | digit;
        }
        in.at++;
        return value;
    }

    private void encode(int c) {
        if (c < 0x80) {
            target.append((byte) c);
        } else if (c < 0x800) {
            target.append((byte) (0xc0 | c >> 6));
            target.append((byte) (0x80 | (c & 0x3f)));
        } else if (c < 0x10000) {
            target.append((byte) (0xe0 | c >> 12));
            target.append((byte) (0x80 | (c >> 6 & 0x3f)));
            target.append((byte) (0x80 | (c & 0x3f)));
        } else {
            target.append((byte) (0xf0 | c >> 18));
            target.append((byte) (0x80 | (c >> 12 & 0x3f)));
            target.append((byte) (0x80 | (c >> 6 & 0x3f)));
            target.append((byte) (0x80 | (c & 0x3f)));
        }
    }
}
