package io.opgraft.http.internal;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Bytes in a chain of pooled direct buffers, so that what grows with a request stays off the heap. Used by one thread at
 * a time; closed by whoever made it.
 */
final class Segments implements AutoCloseable {
    private static final int FIRST = 4096;
    private static final int LARGEST = 64 * 1024;

    private final ByteBufferPool pool;
    private final List<RetainableByteBuffer> owners = new ArrayList<>();
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private ByteBuffer last;
    private long size;

    Segments(ByteBufferPool pool) {
        this.pool = pool;
    }

    /** An empty one from the same pool. */
    Segments another() {
        return new Segments(pool);
    }

    long size() {
        return size;
    }

    /** Appends all that remains in the source. */
    void append(ByteBuffer source) {
        append(source, source.remaining());
    }

    /** Appends the next bytes of the source. */
    void append(ByteBuffer source, int length) {
        int left = length;
        while (left > 0) {
            ByteBuffer target = space();
            int n = Math.min(target.remaining(), left);
            int at = source.position();
            target.put(target.position(), source, at, n);
            target.position(target.position() + n);
            source.position(at + n);
            size += n;
            left -= n;
        }
    }

    void append(byte[] source, int offset, int length) {
        int done = 0;
        while (done < length) {
            ByteBuffer target = space();
            int n = Math.min(target.remaining(), length - done);
            target.put(source, offset + done, n);
            done += n;
        }
        size += length;
    }

    void append(byte value) {
        space().put(value);
        size++;
    }

    /** Appends four bytes, the lowest first. */
    void appendInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            append((byte) (value >>> shift));
        }
    }

    /** Overwrites what {@link #appendInt} put at an offset. */
    void setInt(long offset, int value) {
        int i = buffers.size() - 1;
        long begin = size - buffers.get(i).position();
        for (int shift = 24; shift >= 0; shift -= 8) {
            long at = offset + shift / 8;
            while (at < begin) {
                begin -= buffers.get(--i).position();
            }
            buffers.get(i).put((int) (at - begin), (byte) (value >>> shift));
        }
    }

    /** The content, in views of its own. */
    List<ByteBuffer> content() {
        List<ByteBuffer> views = new ArrayList<>(buffers.size());
        for (ByteBuffer buffer : buffers) {
            views.add(buffer.duplicate().flip());
        }
        return views;
    }

    /** The first part of the content, empty if there is none. */
    ByteBuffer begin() {
        return buffers.isEmpty()
                ? ByteBuffer.allocate(0)
                : buffers.get(0).duplicate().flip();
    }

    void copyTo(ByteBuffer target) {
        for (ByteBuffer view : content()) {
            target.put(view);
        }
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                append((byte) b);
            }

            @Override
            public void write(byte[] source, int offset, int length) {
                append(source, offset, length);
            }
        };
    }

    private ByteBuffer space() {
        if (last == null || !last.hasRemaining()) {
            int capacity = last == null ? FIRST : Math.min(LARGEST, last.capacity() * 4);
            RetainableByteBuffer owner = pool.acquire(capacity, true);
            owners.add(owner);
            last = owner.getByteBuffer().clear();
            buffers.add(last);
        }
        return last;
    }

    /** Gives the buffers back; further calls do nothing. */
    @Override
    public void close() {
        for (RetainableByteBuffer owner : owners) {
            owner.release();
        }
        owners.clear();
        buffers.clear();
        last = null;
        size = 0;
    }
}
