package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The dynamic string table. Its last byte is a NUL, so every offset inside names a string that ends inside. */
final class StringTable {
    private final Source source;
    private final long fileOffset;
    private final ByteBuffer bytes;

    private StringTable(Source source, long fileOffset, ByteBuffer bytes) {
        this.source = source;
        this.fileOffset = fileOffset;
        this.bytes = bytes;
    }

    static StringTable read(Source source, long fileOffset, long size) throws ElfException, IOException {
        ByteBuffer bytes = source.read(fileOffset, size, "its string table");
        if (size == 0 || bytes.get((int) size - 1) != 0) {
            throw source.error("is damaged: its string table does not end with a NUL byte");
        }
        return new StringTable(source, fileOffset, bytes);
    }

    static StringTable empty(Source source) {
        return new StringTable(source, 0, ByteBuffer.allocate(1));
    }

    /** Where the table begins in the file. */
    long fileOffset() {
        return fileOffset;
    }

    byte at(int offset) {
        return bytes.get(offset);
    }

    byte[] copy() {
        byte[] copy = new byte[bytes.limit()];
        bytes.get(0, copy);
        return copy;
    }

    int size() {
        return bytes.limit();
    }

    /** Checks an offset that the file states. */
    int check(long offset, String what) throws ElfException {
        if (offset < 0 || offset >= bytes.limit()) {
            throw source.error("is damaged: the name of " + what + " lies outside of its string table");
        }
        return (int) offset;
    }

    /** Checks an offset of a string that must be short, as names of libraries and versions are. */
    int check(long offset, int limit, String what) throws ElfException {
        int start = check(offset, what);
        for (int i = start; bytes.get(i) != 0; i++) {
            if (i - start >= limit) {
                throw source.error("is damaged: the name of " + what + " has more than " + limit + " bytes");
            }
        }
        return start;
    }

    /** The place of the NUL that ends the string at a checked offset. */
    int end(int offset) {
        int end = offset;
        while (bytes.get(end) != 0) {
            end++;
        }
        return end;
    }

    /** The string at a checked offset. */
    String get(int offset) {
        byte[] text = new byte[end(offset) - offset];
        bytes.get(offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
