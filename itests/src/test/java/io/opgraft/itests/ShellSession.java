package io.opgraft.itests;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A session at a server's shell socket, without the price of a JVM for each command. For one thread. */
final class ShellSession implements AutoCloseable {
    private static final int HEAD = 5;

    private final SocketChannel channel;

    private ShellSession(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects to the server with that data directory. */
    static ShellSession open(Path data) throws IOException {
        ShellSession session =
                new ShellSession(SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("shell.sock"))));
        session.write('H', "cwd=" + Path.of("").toAbsolutePath());
        session.read();
        return session;
    }

    /** Runs a command line; what it wrote, to either stream. An error of the command is an {@link AssertionError}. */
    String run(String line) throws IOException {
        write('R', line);
        StringBuilder text = new StringBuilder();
        while (true) {
            Frame frame = read();
            if (frame.type != 'X') {
                text.append(new String(frame.payload, StandardCharsets.UTF_8));
            } else if (frame.payload[0] == 0) {
                return text.toString();
            } else {
                throw new AssertionError(line + ": " + text);
            }
        }
    }

    private static final class Frame {
        private final char type;
        private final byte[] payload;

        private Frame(char type, byte[] payload) {
            this.type = type;
            this.payload = payload;
        }
    }

    private Frame read() throws IOException {
        ByteBuffer head = fill(HEAD);
        char type = (char) head.get();
        return new Frame(type, fill(head.getInt()).array());
    }

    private ByteBuffer fill(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the server closed the shell");
            }
        }
        return buffer.flip();
    }

    private void write(char type, String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(HEAD + payload.length);
        buffer.put((byte) type).putInt(payload.length).put(payload).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
