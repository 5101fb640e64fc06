package io.opgraft.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol, over a real socket and a real Gogo. */
@Timeout(60)
class ShellSessionTest {
    private final Gogo gogo = new Gogo();

    @TempDir
    private Path folder;

    private Path path;
    private ShellSocket socket;

    /** Knows two words. */
    private static final class TwoWords extends Completion {
        TwoWords() {
            super(null);
        }

        @Override
        List<String> candidates(String line) {
            return Stream.of("say\tsays it", "silent\t")
                    .filter(word -> word.startsWith(line))
                    .toList();
        }
    }

    @BeforeEach
    void listen() throws IOException {
        path = folder.resolve("s.sock");
        socket = ShellSocket.listen(path);
        ShellServer.thread("accept", () -> {
            try {
                for (int i = 1; ; i++) {
                    ShellSession session =
                            new ShellSession(socket.accept(), gogo.processor, new TwoWords(), "1.2.3", i);
                    ShellServer.thread("session", session::serve);
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        gogo.close();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
        Frame hello = Frame.read(client);
        assertEquals(Frame.HELLO, hello.type());
        assertEquals("opgraft-shell/1 1.2.3", hello.text());
        return client;
    }

    private static void assertFrame(SocketChannel client, char type, String text) throws IOException {
        Frame frame = Frame.read(client);
        assertEquals(type, frame.type(), frame.text());
        assertEquals(text, frame.text());
    }

    @Test
    void runsLinesOneAfterTheOther() throws IOException {
        try (SocketChannel client = connect()) {
            new Frame(Frame.RUN, "x = 7").write(client);
            assertFrame(client, Frame.OUTPUT, "7\n");
            assertFrame(client, Frame.RESULT, "\0");
            new Frame(Frame.RUN, "say $x").write(client);
            assertFrame(client, Frame.OUTPUT, "you said 7\n");
            assertFrame(client, Frame.RESULT, "\0");
            new Frame(Frame.RUN, "nosuch").write(client);
            assertFrame(client, Frame.ERROR, "gogo: Command not found: nosuch\n");
            assertFrame(client, Frame.RESULT, "\1");
            new Frame(Frame.RUN, "exit").write(client);
            assertFrame(client, Frame.RESULT, "\2");
        }
    }

    @Test
    void sessionsDoNotShareVariables() throws IOException {
        try (SocketChannel one = connect();
                SocketChannel two = connect()) {
            new Frame(Frame.RUN, "x = 7").write(one);
            assertFrame(one, Frame.OUTPUT, "7\n");
            new Frame(Frame.RUN, "test:say \"$x\"").write(two);
            assertFalse(Frame.read(two).text().contains("7"));
        }
    }

    @Test
    void completesWhatIsBeforeTheCursor() throws IOException {
        try (SocketChannel client = connect()) {
            new Frame(Frame.COMPLETE, "2\nsaxyz").write(client);
            assertFrame(client, Frame.CANDIDATES, "say\tsays it");
            new Frame(Frame.COMPLETE, "99\nq").write(client);
            assertFrame(client, Frame.CANDIDATES, "");
        }
    }

    @Test
    void aCommandCanBeCancelled() throws Exception {
        try (SocketChannel client = connect()) {
            new Frame(Frame.RUN, "test:sleep").write(client);
            gogo.sleeping.await();
            new Frame(Frame.CANCEL, "").write(client);
            assertFrame(client, Frame.ERROR, "gogo: The command was cancelled.\n");
            assertFrame(client, Frame.RESULT, "\1");
            new Frame(Frame.RUN, "test:number").write(client);
            assertFrame(client, Frame.OUTPUT, "42\n");
        }
    }

    @Test
    void aClientThatGoesAwayEndsItsCommand() throws Exception {
        try (SocketChannel client = connect()) {
            new Frame(Frame.RUN, "test:sleep").write(client);
            gogo.sleeping.await();
        }
        gogo.interrupted.await();
    }

    @Test
    void nonsenseEndsTheConnectionAndNothingElse() throws IOException {
        try (SocketChannel client = connect()) {
            new Frame('?', "").write(client);
            assertNull(Frame.read(client));
        }
        try (SocketChannel client = connect()) {
            new Frame(Frame.COMPLETE, "no number").write(client);
            assertNull(Frame.read(client));
        }
        connect().close();
    }

    @Test
    void onlyTheOwnerMayConnectAndNothingIsLeftBehind() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(path), files.toList());
        }
        socket.close();
        assertFalse(Files.exists(path));
    }

    @Test
    void aLiveSocketIsKeptAndAStaleOneReplaced() throws IOException {
        assertThrows(IOException.class, () -> ShellSocket.listen(path));
        Path stale = folder.resolve("stale");
        java.nio.channels.ServerSocketChannel killed =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        killed.bind(UnixDomainSocketAddress.of(stale));
        killed.close();
        assertTrue(Files.exists(stale));
        ShellSocket.listen(stale).close();
    }

    @Test
    void aPathThatIsTooLongIsExplained() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("x".repeat(100)));
        var e = assertThrows(IOException.class, () -> ShellSocket.listen(deep.resolve("s")));
        assertTrue(e.getMessage().contains("shorter data directory"), e.getMessage());
    }
}
