package io.opgraft.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Clients that send requests to {@code addsub_v1} without a pause and check every answer against its version. */
final class Traffic implements AutoCloseable {
    private static final int[] A = AddSub.constant(Integer.MAX_VALUE);
    private static final int[] B = AddSub.constant(1);
    private static final String REQUEST = AddSub.request(A, B);

    private final Client client;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Integer> answers = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int failures;
    private long longestGap;
    private volatile boolean running = true;

    /** Starts the clients. */
    Traffic(Client client, int clients) {
        this.client = client;
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(this::send, "client " + i);
            threads.add(thread);
            thread.start();
        }
    }

    /**
     * What the clients saw.
     *
     * @param answers right answers by version of the op bundle
     * @param failures requests without an answer, or with a wrong one
     * @param longestGapMillis the longest time that one client waited from one answer to the next
     * @param problems the first few failures in words
     */
    record Report(Map<String, Integer> answers, int failures, double longestGapMillis, List<String> problems) {}

    private void send() {
        long last = System.nanoTime();
        while (running) {
            try {
                Client.Answer answer = client.infer("addsub_v1", REQUEST);
                long now = System.nanoTime();
                record(answer, now - last);
                last = now;
            } catch (IOException e) {
                fail(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized void record(Client.Answer answer, long gap) {
        String prefix = "TRTISExampleAddSub=" + Story.ADDSUB + "/";
        if (!answer.ok() || !answer.ops().startsWith(prefix)) {
            fail("HTTP " + answer.status() + ", " + AddSub.error(answer.body()));
            return;
        }
        String version = answer.ops().substring(prefix.length());
        int sum = version.equals("1.0.0") ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        boolean right = Arrays.equals(AddSub.output(answer.body(), "OUTPUT0"), AddSub.constant(sum))
                && Arrays.equals(AddSub.output(answer.body(), "OUTPUT1"), AddSub.constant(Integer.MAX_VALUE - 1));
        if (!right) {
            fail("the answer of " + version + " is not what " + version + " computes");
            return;
        }
        longestGap = Math.max(longestGap, gap);
        answers.merge(version, 1, Integer::sum);
        notifyAll();
    }

    private synchronized void fail(String problem) {
        failures++;
        if (problems.size() < 3) {
            problems.add(problem);
        }
    }

    /** Waits for right answers of a version; false if they do not come in time. */
    synchronized boolean awaitAnswers(String version, int count, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (answers.getOrDefault(version, 0) < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Ends the clients and sums up. */
    Report stop() throws InterruptedException {
        running = false;
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (this) {
            return new Report(new TreeMap<>(answers), failures, longestGap / 1e6, List.copyOf(problems));
        }
    }

    @Override
    public void close() {
        running = false;
    }
}
