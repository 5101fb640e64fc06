package io.opgraft.http.internal;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads a list of buffers. */
final class SegmentInput extends InputStream {
    private final List<ByteBuffer> buffers;
    private int index;

    SegmentInput(List<ByteBuffer> buffers, long skip) {
        this.buffers = buffers;
        long rest = skip;
        for (ByteBuffer buffer : buffers) {
            int n = (int) Math.min(rest, buffer.remaining());
            buffer.position(buffer.position() + n);
            rest -= n;
        }
    }

    @Override
    public int read() {
        ByteBuffer buffer = current();
        return buffer == null ? -1 : buffer.get() & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        ByteBuffer buffer = current();
        if (buffer == null) {
            return -1;
        }
        int n = Math.min(length, buffer.remaining());
        buffer.get(target, offset, n);
        return n;
    }

    private ByteBuffer current() {
        while (index < buffers.size()) {
            ByteBuffer buffer = buffers.get(index);
            if (buffer.hasRemaining()) {
                return buffer;
            }
            index++;
        }
        return null;
    }
}
