package io.opgraft.http.internal;

import java.nio.ByteBuffer;

/** Finds the characters of UTF-8 that take more than one byte; RFC 3629 says which there are. */
final class Utf8 {
    private Utf8() {}

    /**
     * The length of a character.
     *
     * @return 2 to 4 bytes, or 0 if at the index no such character begins
     */
    static int length(ByteBuffer text, int index) {
        int lead = text.get(index) & 0xff;
        int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (length == 0 || length > text.limit() - index) {
            return 0;
        }
        int second = text.get(index + 1) & 0xff;
        boolean right =
                switch (lead) {
                    case 0xe0 -> second >= 0xa0;
                    case 0xed -> second < 0xa0;
                    case 0xf0 -> second >= 0x90;
                    case 0xf4 -> second < 0x90;
                    default -> true;
                };
        for (int i = 1; i < length; i++) {
            right &= (text.get(index + i) & 0xc0) == 0x80;
        }
        return right ? length : 0;
    }
}
