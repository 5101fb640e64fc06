package io.opgraft.shell.internal.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;

/**
 * Notes which bundles are being uninstalled, one location a line. The framework stops a bundle and stores that before it
 * uninstalls it, so the launcher ends what the note says when a server was killed in between.
 */
final class Uninstalling {
    private final Path file;
    private final Set<String> locations = new TreeSet<>();

    Uninstalling(Path file) {
        this.file = file;
    }

    synchronized void begin(String location) throws IOException {
        locations.add(location);
        write();
    }

    synchronized void end(String location) throws IOException {
        locations.remove(location);
        write();
    }

    private void write() throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer rest = ByteBuffer.wrap(String.join("\n", locations).getBytes(StandardCharsets.UTF_8));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
