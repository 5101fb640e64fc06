package io.opgraft.elf;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes names of equal length that no other library has, always the same for the same seed. */
final class UniqueNames {
    /** Letters and digits of base 36 to aim for: 3 in 10^18 that two names meet. */
    private static final int WANTED = 12;

    private static final int ENOUGH = 8;
    private static final int LEAST = 6;
    private static final int RADIX = 36;

    private UniqueNames() {}

    /**
     * Replaces the end of the stem, so that what remains still says which library it was.
     *
     * @throws ElfException if the name is too short to be made unique
     */
    static String of(String seed, String name) throws ElfException {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length != name.length()) {
            throw new ElfException(name + " cannot be given a private name: it has letters outside of ASCII");
        }
        if (length < LEAST) {
            throw new ElfException(name + " cannot be given a private name: it is shorter than " + LEAST
                    + " letters; give the library a longer file name and SONAME");
        }
        int stem = name.indexOf(".so");
        int end = stem < 0 ? length : stem;
        int begin = name.startsWith("lib") ? 3 : 0;
        if (end - begin < ENOUGH) {
            begin = 0;
        }
        if (end - begin < ENOUGH) {
            end = length;
        }
        begin = Math.max(begin, end - WANTED);
        return name.substring(0, begin) + digits(seed + '\0' + name, end - begin) + name.substring(end);
    }

    private static String digits(String text, int count) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String digits = new BigInteger(1, hash).toString(RADIX);
            return digits.substring(digits.length() - count);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
