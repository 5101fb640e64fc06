package io.opgraft.shell.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A listening Unix-domain socket that only the server's own user can connect to. */
final class ShellSocket implements AutoCloseable {
    /** What Linux allows for the path of a socket, without the closing zero. */
    private static final int LONGEST_PATH = 107;

    private final Path path;
    private final ServerSocketChannel channel;

    private ShellSocket(Path path, ServerSocketChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Listens. A socket file that a killed server left is replaced.
     *
     * <p>The socket is made in a folder that nobody else can enter, given its mode, and then moved to its place, so that at
     * no moment another user could connect.
     *
     * @param path absolute path of the socket
     * @return the socket
     * @throws IOException if it cannot be made, or a living server listens there
     */
    static ShellSocket listen(Path path) throws IOException {
        if (isAlive(path)) {
            throw new IOException("another server listens on it");
        }
        Path folder = Files.createTempDirectory(
                path.getParent(),
                ".s",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Path fresh = folder.resolve("s");
            int length = Math.max(fresh.toString().length(), path.toString().length());
            if (length > LONGEST_PATH) {
                throw new IOException("its path is longer than Linux allows (" + LONGEST_PATH
                        + " bytes); use a shorter data directory");
            }
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(fresh));
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
                return new ShellSocket(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                Files.deleteIfExists(fresh);
                throw e;
            }
        } finally {
            Files.delete(folder);
        }
    }

    private static boolean isAlive(Path path) {
        if (!Files.exists(path)) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
