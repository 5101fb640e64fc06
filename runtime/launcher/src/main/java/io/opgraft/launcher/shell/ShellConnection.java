package io.opgraft.launcher.shell;

import io.opgraft.launcher.CommandFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A session in a running server. Commands and completions are asked for by one thread; any thread may cancel. */
final class ShellConnection implements AutoCloseable {
    private static final String PROTOCOL = "opgraft-shell/1 ";

    /** How a command line ended. */
    enum Result {
        DONE,
        FAILED,
        CLOSED
    }

    private final SocketChannel channel;
    private final String serverVersion;

    private ShellConnection(SocketChannel channel, String serverVersion) {
        this.channel = channel;
        this.serverVersion = serverVersion;
    }

    /**
     * Connects.
     *
     * @param data the server's data directory
     * @return the session
     * @throws IOException if no server listens there
     * @throws CommandFailedException if what listens there does not speak this protocol
     */
    static ShellConnection open(Path data) throws IOException, CommandFailedException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket(data)));
        try {
            new Frame(Frame.HELLO, "cwd=" + Path.of("").toAbsolutePath()).write(channel);
            Frame hello = Frame.read(channel);
            if (hello == null || hello.type() != Frame.HELLO || !hello.text().startsWith(PROTOCOL)) {
                throw new CommandFailedException("The server with data directory " + data
                        + " speaks another shell protocol; use the opgraft" + " command that it was started with.");
            }
            return new ShellConnection(channel, hello.text().substring(PROTOCOL.length()));
        } catch (IOException | CommandFailedException e) {
            channel.close();
            throw e;
        }
    }

    private static Path socket(Path data) {
        return data.resolve("shell.sock");
    }

    /** Whether a server listens. */
    static boolean isAlive(Path data) {
        if (!Files.exists(socket(data))) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket(data)))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String serverVersion() {
        return serverVersion;
    }

    /**
     * Runs a command line.
     *
     * @param line the line
     * @param out takes what it prints
     * @param err takes its errors
     * @return how it ended
     * @throws IOException if the server goes away
     */
    Result run(String line, PrintStream out, PrintStream err) throws IOException {
        send(new Frame(Frame.RUN, line));
        while (true) {
            Frame frame = receive();
            switch (frame.type()) {
                case Frame.OUTPUT -> print(out, frame);
                case Frame.ERROR -> print(err, frame);
                case Frame.RESULT -> {
                    return result(frame);
                }
                default -> throw unexpected(frame);
            }
        }
    }

    private static void print(PrintStream stream, Frame frame) {
        stream.write(frame.payload(), 0, frame.payload().length);
        stream.flush();
    }

    private static Result result(Frame frame) throws IOException {
        return switch (frame.payload().length == 1 ? frame.payload()[0] : -1) {
            case 0 -> Result.DONE;
            case 1 -> Result.FAILED;
            case 2 -> Result.CLOSED;
            default -> throw unexpected(frame);
        };
    }

    private static IOException unexpected(Frame frame) {
        return new IOException("The server sent an unexpected frame " + (int) frame.type() + ".");
    }

    /**
     * Asks what may stand at the cursor.
     *
     * @return value, tab, description for each
     */
    List<String> complete(String line, int cursor) throws IOException {
        send(new Frame(Frame.COMPLETE, cursor + "\n" + line));
        Frame frame = receive();
        if (frame.type() != Frame.CANDIDATES) {
            throw unexpected(frame);
        }
        return frame.text().lines().toList();
    }

    /** Ends the running command. */
    void cancel() throws IOException {
        send(new Frame(Frame.CANCEL, ""));
    }

    private Frame receive() throws IOException {
        Frame frame = Frame.read(channel);
        if (frame == null) {
            throw new EOFException("The server closed the connection.");
        }
        return frame;
    }

    private synchronized void send(Frame frame) throws IOException {
        frame.write(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
