package io.opgraft.itests;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that ask models at random until they are stopped, and check every answer. */
final class StormClients implements AutoCloseable {
    private static final int LIMIT = 20;

    private final long pauseMillis;
    private final List<NumberedModel> models;
    private final Set<NumberedModel> mayLack;
    private final List<Thread> threads;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
    private final Map<String, Set<String>> versions = new ConcurrentHashMap<>();

    /**
     * An answer 503 of a model that lacked its op.
     *
     * @param model its name
     * @param asked {@link System#nanoTime} when the request began
     * @param answered the same when the answer had come
     * @param body the explanation
     */
    record Refusal(String model, long asked, long answered, String body) {}

    /**
     * Starts them.
     *
     * @param mayLack models of which the op is taken away at times
     * @param pauseMillis between the answer that a client gets and its next request
     */
    StormClients(
            ServerProcess server,
            List<NumberedModel> models,
            Set<NumberedModel> mayLack,
            int clients,
            long pauseMillis,
            long seed) {
        this.pauseMillis = pauseMillis;
        this.models = models;
        this.mayLack = mayLack;
        this.threads = java.util.stream.IntStream.range(0, clients)
                .mapToObj(i -> new Thread(() -> run(server.http(), new Random(seed + i)), "client-" + i))
                .toList();
        threads.forEach(Thread::start);
    }

    private void run(HttpProbe http, Random random) {
        try {
            while (!stop.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                ask(http, models.get(random.nextInt(models.size())), 1 + random.nextInt(1000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(HttpProbe http, NumberedModel model, int x) throws InterruptedException {
        long begin = System.nanoTime();
        try {
            HttpResponse<String> response = model.infer(http, x);
            if (response.statusCode() == 503 && mayLack.contains(model)) {
                refusals.add(new Refusal(model.name(), begin, System.nanoTime(), response.body()));
            } else if (response.statusCode() != 200) {
                fault(model.name() + " HTTP " + response.statusCode() + ": " + response.body());
            } else {
                check(model, x, response);
            }
        } catch (IOException | RuntimeException e) {
            fault(model.name() + ": " + e);
        }
        longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
        answers.incrementAndGet();
    }

    private void check(NumberedModel model, int x, HttpResponse<String> response) {
        String fault = model.fault(response, x);
        if (fault != null) {
            fault("wrong: " + fault);
        }
        NumberedModel.computedBy(response).values().forEach(label -> versions.computeIfAbsent(
                        label, key -> ConcurrentHashMap.newKeySet())
                .add(model.name()));
    }

    private void fault(String text) {
        if (faults.size() < LIMIT) {
            faults.add(text);
        }
    }

    /** Adds what went wrong elsewhere. */
    void blame(String text) {
        fault(text);
    }

    /** Failed, wrong and timed-out requests; the first ones. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    long answers() {
        return answers.get();
    }

    /** The longest time that a client waited for one answer, in milliseconds. */
    long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longest.get());
    }

    /** How many versions of bundles computed an answer. */
    int versions() {
        return versions.size();
    }

    /** How many op libraries the server had to load for them. */
    int loads() {
        int loads = 0;
        for (String label : versions.keySet()) {
            loads += StormCrowd.isOf(label) ? StormCrowd.LIBRARIES : 1;
        }
        return loads;
    }

    /** Whether a version computed an answer of a model. */
    boolean saw(NumberedModel model, String label) {
        return versions.getOrDefault(label, Set.of()).contains(model.name());
    }

    /** Stops them and waits for their last answers. */
    @Override
    public void close() {
        stop.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(90));
                if (thread.isAlive()) {
                    fault(thread.getName() + " hangs");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault("interrupted before the clients had ended");
        }
    }
}
