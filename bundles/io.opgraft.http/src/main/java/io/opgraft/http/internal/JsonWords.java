package io.opgraft.http.internal;

/** The words of JSON, and those that stand for what is no finite number. */
final class JsonWords {
    private static final String[] LITERALS = {"true", "false", "null"};
    private static final String[] SPECIALS = {"NaN", "Infinity", "-Infinity", "+Infinity"};
    private static final double[] VALUES = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY
    };

    private JsonWords() {}

    /**
     * Takes a word that stands for no finite number, bare or quoted.
     *
     * @return an index for {@link #special(int)}, or -1 if something else is next, of which nothing was taken
     */
    static int takeSpecial(JsonWindow in) {
        boolean quoted = in.bytes[in.at] == '"';
        int begin = quoted ? in.at + 1 : in.at;
        for (int i = 0; i < SPECIALS.length; i++) {
            int end = begin + SPECIALS[i].length();
            boolean here = in.has(begin, SPECIALS[i]) && (quoted ? in.bytes[end] == '"' : ends(in.bytes[end]));
            if (here) {
                in.at = quoted ? end + 1 : end;
                return i;
            }
        }
        return -1;
    }

    static double special(int index) {
        return VALUES[index];
    }

    /** Fails unless a value is next that is valid JSON as far as one can see, or one of the special words. */
    static void check(JsonWindow in) throws HttpFailure {
        byte c = in.bytes[in.at];
        if (c == '"' || c == '-' || (c >= '0' && c <= '9')) {
            return;
        }
        for (String[] words : new String[][] {LITERALS, SPECIALS}) {
            for (String word : words) {
                if (in.has(in.at, word) && ends(in.bytes[in.at + word.length()])) {
                    return;
                }
            }
        }
        throw in.malformed();
    }

    /** Takes true or false; null if something else is next. */
    static Boolean takeBoolean(JsonWindow in) {
        for (int i = 0; i < 2; i++) {
            if (in.has(in.at, LITERALS[i]) && ends(in.bytes[in.at + LITERALS[i].length()])) {
                in.at += LITERALS[i].length();
                return i == 0;
            }
        }
        return null;
    }

    private static boolean ends(byte next) {
        return !Character.isLetterOrDigit(next) && next != '_' && next != '.' && next != '-';
    }
}
