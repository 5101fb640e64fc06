package io.opgraft.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A session at a server's shell, without the price of a JVM for each command. For one thread. */
final class ShellClient implements AutoCloseable {
    private static final int HEAD = 5;

    private final SocketChannel channel;

    /** Connects to the server with that data folder. */
    ShellClient(Path data) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("shell.sock")));
        write('H', "cwd=" + data.toAbsolutePath());
        fill(fill(HEAD).position(1).getInt());
    }

    /** Runs a command line; what it wrote. */
    String run(String line) throws IOException {
        write('R', line);
        StringBuilder text = new StringBuilder();
        while (true) {
            ByteBuffer head = fill(HEAD);
            byte type = head.get();
            byte[] payload = fill(head.getInt()).array();
            if (type != 'X') {
                text.append(new String(payload, StandardCharsets.UTF_8));
            } else if (payload[0] == 0) {
                return text.toString();
            } else {
                throw new IOException(line + ": " + text);
            }
        }
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
