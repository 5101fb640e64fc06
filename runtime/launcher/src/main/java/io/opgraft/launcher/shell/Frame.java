package io.opgraft.launcher.shell;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * One message of the shell protocol: a type byte, the payload's length as four bytes, highest first, and the payload. The
 * bundle's README describes the protocol.
 *
 * @param type what it is
 * @param payload its content, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
record Frame(char type, byte[] payload) {
    /** Both: the first frame; the client says {@code cwd=PATH}, the server names protocol and version. */
    static final char HELLO = 'H';

    /** Client: run this command line. */
    static final char RUN = 'R';

    /** Client: complete this line; cursor, newline, line. */
    static final char COMPLETE = 'C';

    /** Client: end the running command. */
    static final char CANCEL = 'K';

    /** Server: bytes for stdout. */
    static final char OUTPUT = 'O';

    /** Server: bytes for stderr. */
    static final char ERROR = 'E';

    /** Server: the command ended; one byte, 0 done, 1 failed, 2 the session is over. */
    static final char RESULT = 'X';

    /** Server: candidates, one line each: value, tab, description. */
    static final char CANDIDATES = 'L';

    /** Longest payload in bytes. */
    static final int LIMIT = 1 << 20;

    private static final int HEAD = 5;

    Frame(char type, String text) {
        this(type, text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /**
     * Reads the next frame.
     *
     * @return the frame; null at the end of the stream
     */
    static Frame read(ByteChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (channel.read(head) < 0) {
            return null;
        }
        fill(channel, head);
        head.flip();
        char type = (char) head.get();
        int length = head.getInt();
        if (length < 0 || length > LIMIT) {
            throw new IOException("A frame of " + length + " bytes is too long; " + LIMIT + " are allowed.");
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        fill(channel, payload);
        return new Frame(type, payload.array());
    }

    private static void fill(ByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("The stream ends within a frame.");
            }
        }
    }

    /** Writes this frame; the caller keeps others from writing at the same time. */
    void write(ByteChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(HEAD + payload.length);
        buffer.put((byte) type).putInt(payload.length).put(payload).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
