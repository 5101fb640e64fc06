package io.opgraft.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection that sends the same request as often as it is told, each time after the answer. For one thread. */
final class LoadConnection implements AutoCloseable {
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final String LENGTH = "\r\ncontent-length:";

    private final SocketChannel channel;
    private final ByteBuffer request;
    private final byte[] head = new byte[HEAD_LIMIT];
    private final Listener listener;
    private SelectionKey key;
    private int headLength;
    private long missing = -1;
    private long sent;
    private ByteArrayOutputStream kept;
    private String fields = "";
    private final ByteBuffer expected;

    /** Told when an answer has come in full. */
    @FunctionalInterface
    interface Listener {
        /**
         * There is an answer, and the connection is free for the next request.
         *
         * @param nanos from sending to the last byte
         */
        void answered(LoadConnection connection, long nanos) throws IOException;
    }

    /** Connects. */
    LoadConnection(InetSocketAddress address, ByteBuffer request, Listener listener) throws IOException {
        this(address, request, null, listener);
    }

    /**
     * Connects.
     *
     * @param expected the body that each answer must have, or null for any
     */
    LoadConnection(InetSocketAddress address, ByteBuffer request, byte[] expected, Listener listener)
            throws IOException {
        this.channel = SocketChannel.open(address);
        this.request = request.duplicate();
        this.expected = expected == null ? null : ByteBuffer.wrap(expected);
        this.listener = listener;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
    }

    /** Sends the first request. */
    void begin(Selector selector) throws IOException {
        key = channel.register(selector, SelectionKey.OP_READ, this);
        send();
    }

    /** Status of the last answer. */
    int status() {
        return Integer.parseInt(fields.substring(9, 12));
    }

    /** Fails unless the last answer has status 200. */
    void checkOk() throws IOException {
        if (status() != 200) {
            throw new IOException("expected an answer with status 200, but got: " + fields.trim());
        }
    }

    /** A field of the header of the last answer; empty if it is not there. */
    String field(String name) {
        int at = fields.indexOf("\r\n" + name + ":");
        int start = at + name.length() + 3;
        return at < 0
                ? ""
                : fields.substring(start, fields.indexOf('\r', start)).trim();
    }

    /** Sends one request and waits for its answer, which must have status 200. */
    static byte[] ask(InetSocketAddress address, ByteBuffer request) throws IOException {
        boolean[] done = new boolean[1];
        try (Selector selector = Selector.open();
                LoadConnection connection = new LoadConnection(address, request, (answered, nanos) -> {
                    answered.checkOk();
                    done[0] = true;
                })) {
            connection.kept = new ByteArrayOutputStream();
            connection.begin(selector);
            ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
            while (!done[0]) {
                selector.select();
                selector.selectedKeys().clear();
                connection.proceed(scratch);
            }
            return connection.kept.toByteArray();
        }
    }

    /** Sends the request once more. */
    void send() throws IOException {
        request.rewind();
        headLength = 0;
        missing = -1;
        sent = System.nanoTime();
        write();
    }

    private void write() throws IOException {
        channel.write(request);
        int wanted = request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        // Each change is a system call.
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /** Writes and reads what is possible now; bodies go to the scratch memory and are forgotten. */
    void proceed(ByteBuffer scratch) throws IOException {
        if (request.hasRemaining()) {
            write();
        }
        int read;
        do {
            scratch.clear();
            read = channel.read(scratch);
            if (read < 0) {
                throw new EOFException("the server closed a connection");
            }
            if (read > 0 && take(scratch.flip())) {
                listener.answered(this, System.nanoTime() - sent);
                return;
            }
        } while (read == scratch.capacity());
    }

    /** Whether the answer is complete now. */
    private boolean take(ByteBuffer bytes) throws IOException {
        if (missing < 0) {
            int before = headLength;
            int copied = Math.min(bytes.remaining(), head.length - before);
            bytes.get(bytes.position(), head, before, copied);
            headLength += copied;
            int end = endOfHead(before);
            if (end < 0) {
                if (headLength == head.length) {
                    throw new IOException("the header of an answer is longer than " + HEAD_LIMIT + " bytes");
                }
                return false;
            }
            bytes.position(end - before);
            missing = bodyLength(end);
            if (expected != null && missing != expected.capacity()) {
                throw new IOException("an answer of " + missing + " bytes, where it had " + expected.capacity());
            }
        }
        if (expected != null && bytes.remaining() <= missing) {
            int place = (int) (expected.capacity() - missing);
            if (!bytes.equals(expected.slice(place, bytes.remaining()))) {
                throw new IOException("an answer differs from the first one after byte " + place);
            }
        }
        missing -= bytes.remaining();
        if (kept != null) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            kept.writeBytes(copy);
        }
        if (missing < 0) {
            throw new IOException("an answer is longer than its Content-Length");
        }
        return missing == 0;
    }

    private int endOfHead(int before) {
        for (int i = Math.max(0, before - 3); i + 3 < headLength; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private long bodyLength(int end) throws IOException {
        String text = new String(head, 0, end, StandardCharsets.ISO_8859_1);
        int at = text.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (!text.startsWith("HTTP/1.1 ") || at < 0) {
            throw new IOException("expected an answer with a Content-Length, but got: " + text.trim());
        }
        fields = text;
        int start = at + LENGTH.length();
        return Long.parseLong(text.substring(start, text.indexOf('\r', start)).trim());
    }

    /** Closes it after it broke. */
    void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was broken anyway.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
