package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Whatever others send at the same time, the server says how it is, and computes, without a long wait. */
class UnderAttackTest {
    private static final String INFER = "POST /v2/models/identity_INT8/infer HTTP/1.1\r\nHost: x\r\n";
    private static final String CLOSE = "Connection: close\r\n";
    private static final int CHUNKS = 1_000_000;
    private static final int PROBES = 200;

    /** Far more than it takes, for machines that are busy with something else; the figure itself is printed. */
    private static final long LIMIT_MILLIS = 1000;

    private final AtomicInteger answers = new AtomicInteger();

    private interface Attack {
        void run() throws Exception;
    }

    @Test
    void healthAndInferenceGoOn() throws Exception {
        CountDownLatch loads = new CountDownLatch(1);
        List<Socket> slow = new ArrayList<>();
        ExecutorService attackers = Executors.newCachedThreadPool();
        List<Future<?>> attacks = new ArrayList<>();
        try (TestServer server = new TestServer(Map.of("maxRequestBytes", 4L << 20))) {
            server.models.loading = loads;
            long[] calm = probe(server);
            for (int i = 0; i < 200; i++) {
                slow.add(begun(server, i % 2 == 0 ? "POST /v2/mod" : INFER + "Content-Length: 1000\r\n\r\n{\"inp"));
            }
            for (int i = 0; i < 64; i++) {
                slow.add(begun(
                        server,
                        "POST /v2/repository/models/simple/load HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"));
            }
            byte[] bomb = bomb();
            byte[] deep = "[".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            byte[] nested = ("{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT8\",\"shape\":[1],\"data\":"
                            + "[".repeat(1 << 20))
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] huge = ("{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT8\",\"shape\":[4611686018427387904,2],"
                            + "\"data\":[1]}]}")
                    .getBytes(StandardCharsets.US_ASCII);
            Attack[] all = {
                () -> refused(server, 413, "Content-Encoding: gzip\r\n", bomb),
                () -> refused(server, 400, "", deep),
                () -> refused(server, 400, "", nested),
                () -> refused(server, 400, "", huge),
                () -> chunks(server),
            };
            for (Attack attack : all) {
                attacks.add(attackers.submit(() -> {
                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
                    do {
                        attack.run();
                        answers.incrementAndGet();
                    } while (System.nanoTime() < end);
                    return null;
                }));
            }
            long[] attacked = probe(server);
            System.out.printf(
                    "health and inference: calm %d us, under attack %d us in the median, %d us at most; %d attacks%n",
                    calm[PROBES / 2] / 1000, attacked[PROBES / 2] / 1000, attacked[PROBES - 1] / 1000, answers.get());
            for (Future<?> attack : attacks) {
                attack.get(60, TimeUnit.SECONDS);
            }
            // All but the few that the machine itself may have held up.
            long slowest = attacked[PROBES - 4];
            assertTrue(slowest < TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS), "it took " + slowest / 1000 + " us");
            loads.countDown();
            for (Socket socket : slow) {
                socket.close();
            }
            Await.until(() -> server.endpoint.admission().requests() == 0, "places stay taken");
            Await.until(() -> server.endpoint.control().taken() == 0, "places of loads stay taken");
            assertEquals(0, server.endpoint.admission().bytes());
            assertEquals(0, server.models.open.get());
        } finally {
            loads.countDown();
            attackers.shutdownNow();
        }
    }

    private static Socket begun(TestServer server, String text) throws IOException {
        Socket socket = server.socket();
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Nanoseconds of requests in order: one for health and one that computes, on a new connection each. */
    private static long[] probe(TestServer server) throws Exception {
        long[] nanos = new long[PROBES];
        for (int i = 0; i < PROBES; i++) {
            long begin = System.nanoTime();
            String health = server.raw("GET /v2/health/ready HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n");
            nanos[i] = System.nanoTime() - begin;
            assertTrue(health.startsWith("HTTP/1.1 200 "), health);
            begin = System.nanoTime();
            String answer =
                    server.raw(INFER + CLOSE + InferOperation.HEADER_LENGTH + ": 0\r\nContent-Length: 3\r\n\r\nabc");
            nanos[i] = Math.max(nanos[i], System.nanoTime() - begin);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            Thread.sleep(5);
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        return out.toByteArray();
    }

    private static void refused(TestServer server, int status, String headers, byte[] body) throws IOException {
        try (Socket socket = server.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write((INFER + CLOSE + headers + "Content-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        }
    }

    /** A million chunks of one byte: right, only costly. */
    private static void chunks(TestServer server) throws IOException {
        try (Socket socket = server.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write((INFER + CLOSE + InferOperation.HEADER_LENGTH + ": 0\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] some = "1\r\nx\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < CHUNKS; i += 1000) {
                out.write(some);
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            assertTrue(answer.length > CHUNKS, "the million bytes do not come back: " + answer.length);
        }
    }
}
