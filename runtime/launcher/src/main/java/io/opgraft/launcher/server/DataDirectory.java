package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that a server keeps its state in. Locked while the server runs; the lock goes with the process. */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = "server.lock";

    private final Path directory;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path directory, FileChannel channel, FileLock lock) {
        this.directory = directory;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the folder if there is none and locks it.
     *
     * @param directory absolute path
     * @return the locked folder
     * @throws CommandFailedException if it cannot be written or another server has it
     */
    static DataDirectory open(Path directory) throws CommandFailedException {
        try {
            if (!Files.isDirectory(directory)) {
                // Private: it holds the shell's socket and the libraries that the server loads.
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            FileChannel channel = FileChannel.open(
                    directory.resolve(LOCK_FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = read(channel);
                channel.close();
                throw new CommandFailedException("Another server (process " + owner + ") uses the data directory "
                        + directory + "; stop it, or name another directory with --data.");
            }
            write(channel, Long.toString(ProcessHandle.current().pid()));
            return new DataDirectory(directory, channel, lock);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The data directory " + directory + " cannot be written (" + Causes.text(e)
                            + "); change its permissions, or name another directory with --data.",
                    e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString().strip();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        channel.force(false);
    }

    Path path() {
        return directory;
    }

    Path framework() {
        return directory.resolve("framework");
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
