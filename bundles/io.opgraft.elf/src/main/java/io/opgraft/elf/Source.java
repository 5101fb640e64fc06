package io.opgraft.elf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** The bytes of one file. Every range is checked against the size before anything is allocated. */
final class Source {
    /** Largest table read at once; the string table of TensorFlow's own library has about 100 MB. */
    private static final long TABLE_LIMIT = 1L << 28;

    private final String name;
    private final long size;
    private final Reader reader;

    /** Reads one checked range. */
    private interface Reader {
        ByteBuffer read(long offset, int length) throws IOException;
    }

    private Source(String name, long size, Reader reader) {
        this.name = name;
        this.size = size;
        this.reader = reader;
    }

    static Source of(String name, byte[] content) {
        return new Source(name, content.length, (offset, length) -> ByteBuffer.wrap(content)
                .slice((int) offset, length)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN));
    }

    static Source of(String name, FileChannel channel) throws IOException {
        return new Source(name, channel.size(), (offset, length) -> {
            ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException(name + " became shorter while it was read");
                }
            }
            return buffer.flip();
        });
    }

    long size() {
        return size;
    }

    /** Reads a range that must lie inside the file. */
    ByteBuffer read(long offset, long length, String what) throws ElfException, IOException {
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw error("is damaged or cut: " + what + " lies outside of its " + size + " bytes");
        }
        if (length > TABLE_LIMIT) {
            throw error("is not usable: " + what + " has " + length + " bytes, at most " + TABLE_LIMIT + " are read");
        }
        return reader.read(offset, (int) length);
    }

    ElfException error(String sentence) {
        return new ElfException(name + " " + sentence);
    }
}
