package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of a chain of buffers, seen through a small array, so that scanning needs no bounds check per byte and no value
 * is cut by the end of a buffer. What follows the last byte reads as zeros, which stand for nothing in JSON.
 */
final class JsonWindow {
    /** Longest token that is sure to lie in the window as a whole. */
    static final int LONGEST = 1000;

    private static final int SIZE = 16 * 1024;
    private static final int PAD = Long.BYTES;

    private final List<ByteBuffer> source;
    private int next;

    /** Offset in the source of the first byte of the window. */
    private long base;

    /** The window; at least {@value #PAD} zeros follow its content. */
    final byte[] bytes;

    private final ByteBuffer view;

    /** Where the next byte is. */
    int at;

    private int end;
    private boolean all;

    /**
     * Makes a window.
     *
     * @param from offset in the source of the first byte to see
     */
    JsonWindow(Segments source, long from) {
        this.source = source.content();
        this.bytes = new byte[(int) Math.min(SIZE, source.size() - from) + PAD];
        this.view = ByteBuffer.wrap(bytes);
        this.base = from;
        long skip = from;
        for (ByteBuffer buffer : this.source) {
            int n = (int) Math.min(skip, buffer.remaining());
            buffer.position(buffer.position() + n);
            skip -= n;
        }
        fill();
    }

    /** Offset in the source of the next byte. */
    long position() {
        return base + at;
    }

    /** The window as a buffer, for absolute access. */
    ByteBuffer buffer() {
        return view;
    }

    /** Whether there are bytes that are not in the window. */
    boolean more() {
        return !all;
    }

    /** Whether an index is one of a byte in the window. */
    boolean within(int index) {
        return index < end;
    }

    /** The first index that fewer bytes of the window follow than that. */
    int before(int bytesLeft) {
        return end - bytesLeft + 1;
    }

    /** Goes to the next byte that is no white space and returns it, without taking it; 0 at the end. */
    int space() {
        while (true) {
            if (end - at < LONGEST) {
                fill();
            }
            while (at < end) {
                int c = bytes[at];
                if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                    return c;
                }
                at++;
            }
            if (all) {
                return 0;
            }
        }
    }

    /** Moves what is left to the front and gets more behind it. */
    void fill() {
        if (all) {
            return;
        }
        System.arraycopy(bytes, at, bytes, 0, end - at);
        base += at;
        end -= at;
        at = 0;
        int capacity = bytes.length - PAD;
        while (end < capacity && next < source.size()) {
            ByteBuffer buffer = source.get(next);
            int n = Math.min(capacity - end, buffer.remaining());
            buffer.get(bytes, end, n);
            end += n;
            if (!buffer.hasRemaining()) {
                next++;
            }
        }
        // Buffers that were empty from the start are not reached when there is no room.
        while (next < source.size() && !source.get(next).hasRemaining()) {
            next++;
        }
        all = next == source.size();
        Arrays.fill(bytes, end, end + PAD, (byte) 0);
    }

    /** Whether a word stands at an index of the window. */
    boolean has(int index, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (index + i >= end || bytes[index + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A fault at the next byte. */
    HttpFailure malformed() {
        String what = at < end
                ? "unexpected character " + Json.quote(Character.toString(bytes[at] & 0xff))
                : "it ends too early";
        return HttpFailure.badRequest("the request is not valid JSON: " + what + " (byte " + (position() + 1) + ")");
    }
}
