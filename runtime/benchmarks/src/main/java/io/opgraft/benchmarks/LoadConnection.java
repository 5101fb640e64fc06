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
import java.util.function.LongConsumer;

/** One connection that sends the same request again as soon as its answer has come in full. For one thread. */
final class LoadConnection implements AutoCloseable {
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final String LENGTH = "\r\ncontent-length:";

    private final SocketChannel channel;
    private final ByteBuffer request;
    private final byte[] head = new byte[HEAD_LIMIT];
    private final LongConsumer answered;
    private SelectionKey key;
    private int headLength;
    private long missing = -1;
    private long sent;
    private ByteArrayOutputStream kept;

    /**
     * Connects.
     *
     * @param answered told the nanoseconds of each request
     */
    LoadConnection(InetSocketAddress address, ByteBuffer request, LongConsumer answered) throws IOException {
        this.channel = SocketChannel.open(address);
        this.request = request.duplicate();
        this.answered = answered;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
    }

    /** Sends the first request. */
    void begin(Selector selector) throws IOException {
        key = channel.register(selector, SelectionKey.OP_READ, this);
        send();
    }

    /** Sends one request and waits for its answer. */
    static byte[] ask(InetSocketAddress address, ByteBuffer request) throws IOException {
        boolean[] done = new boolean[1];
        try (Selector selector = Selector.open();
                LoadConnection connection = new LoadConnection(address, request, nanos -> done[0] = true)) {
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

    private void send() throws IOException {
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
                answered.accept(System.nanoTime() - sent);
                if (kept == null) {
                    send();
                }
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
        if (!text.startsWith("HTTP/1.1 200") || at < 0) {
            throw new IOException("expected an answer with status 200 and a Content-Length, but got: " + text.trim());
        }
        int start = at + LENGTH.length();
        return Long.parseLong(text.substring(start, text.indexOf('\r', start)).trim());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
