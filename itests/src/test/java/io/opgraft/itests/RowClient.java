package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks fixture models of the usual form: INPUT0 and OUTPUT0, FP32, one row of four numbers. */
record RowClient(HttpProbe http) {
    /** Numbers are given with commas or blanks between them. */
    HttpResponse<String> infer(String model, String row) throws Exception {
        String request = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":["
                + row.replace(' ', ',') + "]}],\"outputs\":[{\"name\":\"OUTPUT0\"}]}";
        return http.post("/v2/models/" + model + "/infer", request);
    }

    /** The row of an answer, with commas. */
    static String row(HttpResponse<String> answer) {
        String body = answer.body();
        int start = body.indexOf("\"data\":[") + 8;
        return body.substring(start, body.indexOf(']', start)).replaceAll("\\s", "");
    }

    /** The answer, and the libraries that computed it as in the header Opgraft-Ops; null if there are none. */
    void assertAnswers(String model, String input, String output, String ops) throws Exception {
        HttpResponse<String> answer = infer(model, input);
        assertEquals(200, answer.statusCode(), () -> model + ": " + answer.body());
        assertEquals(output.replace(' ', ','), row(answer), answer.body());
        assertEquals(
                ops == null ? "" : ops,
                answer.headers().firstValue("Opgraft-Ops").orElse(""));
    }

    void assertRefuses(String model, String... causes) throws Exception {
        HttpResponse<String> answer = infer(model, "1,2,3,4");
        assertEquals(503, answer.statusCode(), () -> model + ": " + answer.body());
        for (String cause : causes) {
            assertTrue(answer.body().contains(cause), cause + " is not in " + answer.body());
        }
    }

    /** Calls from several threads at the same time; the first failure ends the test. */
    static void together(int threadCount, List<Callable<Void>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(threadCount);
        try {
            List<Future<Void>> answers = new ArrayList<>(threads.invokeAll(calls));
            for (Future<Void> answer : answers) {
                answer.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
