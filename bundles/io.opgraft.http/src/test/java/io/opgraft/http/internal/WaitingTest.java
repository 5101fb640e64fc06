package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.serving.DeadlineException;
import io.opgraft.serving.OverloadException;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that wait for their model. */
class WaitingTest {
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT8\",\"shape\":[2],\"data\":[1,2]}]%s}";

    private final TestServer server = new TestServer();
    private final Queue<Runnable> waiting = new LinkedBlockingQueue<>();

    @BeforeEach
    void hold() {
        server.models.waiting = waiting;
    }

    @AfterEach
    void stop() throws InterruptedException {
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
        server.close();
    }

    private static String post(String body, String more) {
        return "POST /v2/models/identity_INT8/infer HTTP/1.1\r\nHost: x\r\n" + more + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void runNext() throws InterruptedException {
        Await.until(() -> !waiting.isEmpty(), "nothing waits");
        waiting.remove().run();
    }

    @Test
    void otherThreadsAnswer() throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> server.infer("identity_INT8", String.format(BODY, "")));
        // While it waits no thread does.
        assertEquals(200, server.get("/v2/health/live").statusCode());
        runNext();
        assertTrue(answer.get(20, TimeUnit.SECONDS).body().contains("[1,2]"));
    }

    @Test
    void whoLeavesFreesThePlaceAtOnce() throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long left;
            try (Socket socket = server.socket()) {
                send(socket, post(String.format(BODY, ""), ""));
                Await.until(() -> !waiting.isEmpty(), "nothing waits");
                left = System.nanoTime();
            }
            Await.until(waiting::isEmpty, "the request of a client that left still waits");
            best = Math.min(best, System.nanoTime() - left);
        }
        assertTrue(best < TimeUnit.MILLISECONDS.toNanos(100), "it took " + best + " ns");
    }

    /** What a client sends behind a request that waits is neither lost nor taken for its leave. */
    @Test
    void nextRequestOnTheConnection() throws Exception {
        try (Socket socket = server.socket()) {
            send(socket, post(String.format(BODY, ",\"id\":\"first\""), ""));
            Await.until(() -> !waiting.isEmpty(), "nothing waits");
            String next = post(String.format(BODY, ",\"id\":\"second\""), "");
            send(socket, next.substring(0, 40));
            Thread.sleep(50);
            send(socket, next.substring(40));
            send(socket, post(String.format(BODY, ",\"id\":\"third\""), "Connection: close\r\n"));
            for (int i = 0; i < 3; i++) {
                runNext();
            }
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answers.indexOf("\"first\"") > 0, answers);
            assertTrue(answers.indexOf("\"second\"") > answers.indexOf("\"first\""), answers);
            assertTrue(answers.indexOf("\"third\"") > answers.indexOf("\"second\""), answers);
        }
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<HttpResponse<String>> answer =
                    CompletableFuture.supplyAsync(() -> server.infer("identity_INT8", String.format(BODY, "")));
            runNext();
            assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1/0", "0, 1500, 0/1500", "2, 7, 2/7"})
    void priorityAndTimeout(long priority, long timeout, String scheduled) {
        server.models.waiting = null;
        String parameters = ",\"parameters\":{\"priority\":" + priority + ",\"timeout\":" + timeout + "}";
        assertEquals(
                200,
                server.infer("identity_INT8", String.format(BODY, parameters)).statusCode());
        assertEquals(scheduled, server.models.scheduled);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"priority\":3|priority 3 is none of the levels 1 to 2",
                "\"priority\":-1|parameters.priority must be a whole number",
                "\"timeout\":1.5|parameters.timeout must be a whole number",
                "\"timeout\":\"soon\"|parameters.timeout must be a whole number",
            })
    void wrongPriorityAndTimeout(String parameter, String text) {
        server.models.waiting = null;
        HttpResponse<String> answer =
                server.infer("identity_INT8", String.format(BODY, ",\"parameters\":{" + parameter + "}"));
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains(text), answer.body());
    }

    private HttpResponse<String> failing(InferenceException cause) {
        server.models.waiting = null;
        server.models.add(FakeModel.of("fails", DataType.INT8, Shape.of(-1), inputs -> {
            throw cause;
        }));
        return server.infer("fails", String.format(BODY, ""));
    }

    @Test
    void fullQueue() {
        HttpResponse<String> answer = failing(new OverloadException("the queue of 'm' is full", 3));
        assertEquals(503, answer.statusCode());
        assertEquals("3", answer.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("{\"error\":\"the queue of 'm' is full\"}", answer.body());
    }

    @Test
    void passedDeadline() {
        HttpResponse<String> answer = failing(new DeadlineException("it waited too long"));
        assertEquals(503, answer.statusCode());
        assertFalse(answer.headers().firstValue("Retry-After").isPresent());
    }

    /** Large answers in JSON are written on another thread than the one that ran the model. */
    @Test
    void largeAnswers() {
        server.models.waiting = null;
        HttpResponse<String> answer = server.send(server.binary(
                        "identity_UINT8",
                        "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"UINT8\",\"shape\":[70000],"
                                + "\"parameters\":{\"binary_data_size\":70000}}]}",
                        new byte[70_000])
                .build());
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().endsWith(",0,0]}]}"), "cut");
    }
}
