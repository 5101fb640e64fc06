package io.opgraft.http.internal;

/**
 * Scans common numbers that follow each other closely, without a look at what they are for: up to 18 digits, perhaps a
 * point, a comma behind. It keeps what it found in fields; all else is left to {@link DecimalToken}.
 */
final class NumberRun {
    /** Bytes that a number and what is around it may take here. */
    static final int LONGEST = 64;

    private static final int MOST_DIGITS = 18;
    private static final int MOST_BEFORE_POINT = 7;
    private static final int[] TENS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    /** The number is {@code digits * 10^-places}, without its sign. */
    long digits;

    int places;
    boolean negative;

    /**
     * Scans a number.
     *
     * @param source has {@value #LONGEST} bytes from there on
     * @return index behind the comma after it, or -1 if it is not that simple; then it may as well be no number
     */
    int next(byte[] source, int from) {
        int i = source[from] == ' ' ? from + 1 : from;
        negative = source[i] == '-';
        if (negative) {
            i++;
        }
        long value = (long) source[i] - '0';
        int end = i + 1;
        if (value < 0 || value > 9) {
            return -1;
        }
        int total = 1;
        if (source[end] != '.') {
            long text = EightDigits.get(source, i);
            total = EightDigits.count(text);
            if (total > MOST_BEFORE_POINT || (value == 0 && total > 1)) {
                return -1;
            }
            value = EightDigits.value(text, total);
            end = i + total;
        }
        int fraction = 0;
        if (source[end] == '.') {
            end++;
            int count;
            do {
                long text = EightDigits.get(source, end);
                count = EightDigits.count(text);
                if (count > 0) {
                    value = value * TENS[count] + EightDigits.value(text, count);
                }
                fraction += count;
                end += count;
            } while (count == Long.BYTES && fraction < MOST_DIGITS);
            if (fraction == 0 || total + fraction > MOST_DIGITS) {
                return -1;
            }
        }
        digits = value;
        places = fraction;
        return source[end] == ',' ? end + 1 : -1;
    }
}
