package io.opgraft.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadConnectionTest {
    private static final byte[] REQUEST = {'?'};

    private int answers;

    /** Sends each answer for one byte of request. */
    private void against(String... bodies) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(server, bodies));
            InetSocketAddress address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            try (Selector selector = Selector.open();
                    LoadConnection connection = new LoadConnection(
                            address,
                            ByteBuffer.allocateDirect(1).put(REQUEST).flip(),
                            "right".getBytes(StandardCharsets.US_ASCII),
                            (answered, nanos) -> {
                                answers++;
                                answered.send();
                            })) {
                connection.begin(selector);
                ByteBuffer scratch = ByteBuffer.allocate(3);
                while (true) {
                    selector.select();
                    selector.selectedKeys().clear();
                    connection.proceed(scratch);
                }
            } finally {
                served.join();
            }
        }
    }

    private static void serve(ServerSocket server, String... bodies) {
        try (Socket socket = server.accept();
                InputStream in = socket.getInputStream()) {
            for (String body : bodies) {
                if (in.read() != REQUEST[0]) {
                    return;
                }
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
            }
            in.read();
        } catch (IOException e) {
            // The client has seen enough.
        }
    }

    @Test
    void anAnswerThatDiffersIsAFailure() {
        IOException e = assertThrows(IOException.class, () -> against("right", "right", "wrong"));
        assertTrue(e.getMessage().contains("differs"), e.getMessage());
        assertEquals(2, answers);
    }

    @Test
    void anAnswerOfAnotherLengthIsAFailure() {
        IOException e = assertThrows(IOException.class, () -> against("right", "right?"));
        assertTrue(e.getMessage().contains("6 bytes"), e.getMessage());
        assertEquals(1, answers);
    }
}
