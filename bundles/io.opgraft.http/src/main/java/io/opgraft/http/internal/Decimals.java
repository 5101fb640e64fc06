package io.opgraft.http.internal;

/** Reads whole numbers from paths and header fields. */
final class Decimals {
    /** What fits a long for certain. */
    private static final int MOST_DIGITS = 18;

    private Decimals() {}

    /** The number that 1 to 18 digits stand for; -1 for any other text, with a sign or a space too. */
    static long parse(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
