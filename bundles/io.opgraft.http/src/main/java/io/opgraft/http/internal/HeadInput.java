package io.opgraft.http.internal;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Gives a chain of buffers to a parser, at most up to the next opening bracket at a time. So when the parser is at the
 * start of an array it has read nothing of what is in it, which can be read by other means and left out here.
 */
final class HeadInput extends InputStream {
    private final List<ByteBuffer> buffers;
    private int index;
    private long position;

    HeadInput(Segments source, long from) {
        this.buffers = source.content();
        skipTo(from);
    }

    /** Offset of the next byte. */
    long position() {
        return position;
    }

    /** Leaves out what lies between. */
    void skipTo(long offset) {
        while (position < offset && index < buffers.size()) {
            ByteBuffer buffer = buffers.get(index);
            int n = (int) Math.min(offset - position, buffer.remaining());
            buffer.position(buffer.position() + n);
            position += n;
            if (!buffer.hasRemaining()) {
                index++;
            }
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (index == buffers.size()) {
            return -1;
        }
        ByteBuffer buffer = buffers.get(index);
        int n = Math.min(length, buffer.remaining());
        buffer.get(buffer.position(), target, offset, n);
        int taken = 0;
        while (taken < n && target[offset + taken] != '[') {
            taken++;
        }
        taken = Math.min(taken + 1, n);
        skipTo(position + taken);
        return taken;
    }
}
