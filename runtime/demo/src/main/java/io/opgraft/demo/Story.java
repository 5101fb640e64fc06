package io.opgraft.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The four chapters of the demo. Each checks every number and says whether all were right. */
final class Story {
    static final String ADDSUB = "io.opgraft.example.addsub";

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final DemoServer server;
    private final Console console;
    private final Client client;

    Story(DemoServer server, Console console) {
        this.server = server;
        this.console = console;
        this.client = new Client(server.address());
    }

    static String curlBody() {
        return AddSub.request(AddSub.counting(1), AddSub.constant(1));
    }

    boolean play() throws IOException, InterruptedException {
        boolean right = sideBySide();
        right &= update();
        right &= missing();
        right &= new Digits(server.home(), client, console).classify();
        return right;
    }

    private boolean sideBySide() throws IOException, InterruptedException {
        console.chapter("(a) Three models, one op name, three libraries in one process");
        console.line("  Each graph contains the op TRTISExampleAddSub; the models run side by side.");
        int[] a = AddSub.counting(1);
        int[] b = AddSub.constant(1);
        console.line("  request: INPUT0 = " + AddSub.brief(a) + "  INPUT1 = " + AddSub.brief(b));
        boolean right = ask("addsub_v1", a, b, ADDSUB + "/1.0.0", (x, y) -> x + y, (x, y) -> x - y);
        right &= ask("addsub_v2", a, b, ADDSUB + "/2.0.0", (x, y) -> 10 * (x + y), (x, y) -> 10 * (x - y));
        right &=
                ask("addsub_other", a, b, "com.example.addsub/1.0.0", (x, y) -> (x + y) / 2, (x, y) -> Math.abs(x - y));
        return right;
    }

    private boolean ask(String model, int[] a, int[] b, String provider, AddSub.Rule sum, AddSub.Rule difference)
            throws IOException, InterruptedException {
        Client.Answer answer = client.infer(model, AddSub.request(a, b));
        if (!answer.ok()) {
            return console.check(false, model + ": HTTP " + answer.status() + ", " + AddSub.error(answer.body()));
        }
        int[] output0 = AddSub.output(answer.body(), "OUTPUT0");
        int[] output1 = AddSub.output(answer.body(), "OUTPUT1");
        boolean right = Arrays.equals(output0, AddSub.expect(a, b, sum))
                && Arrays.equals(output1, AddSub.expect(a, b, difference))
                && answer.ops().equals("TRTISExampleAddSub=" + provider);
        return console.check(
                right,
                String.format(
                        "%-14s OUTPUT0 = %-26s OUTPUT1 = %-22s by %s",
                        model, AddSub.brief(output0), AddSub.brief(output1), answer.ops()));
    }

    private boolean update() throws IOException, InterruptedException {
        console.chapter("(b) Bundle " + ADDSUB + " 1.0.0 becomes 1.1.0 while 8 clients send requests");
        console.line("  1.0.0 wraps around on overflow, 1.1.0 saturates: every answer shows which one computed it.");
        Traffic.Report report;
        try (Traffic traffic = new Traffic(client, 8)) {
            boolean steady = traffic.awaitAnswers("1.0.0", 200, PATIENCE);
            server.deploy(ADDSUB + "-1.1.0.jar", "addsub-1.jar");
            boolean switched = traffic.awaitAnswers("1.1.0", 200, PATIENCE);
            report = traffic.stop();
            if (!steady || !switched) {
                console.line("  the answers of " + (steady ? "1.1.0" : "1.0.0") + " did not come");
            }
        }
        report.answers()
                .forEach((version, count) ->
                        console.line(String.format("  answers by %s/%s: %d", ADDSUB, version, count)));
        console.line(
                String.format("  longest gap between two answers to one client: %.0f ms", report.longestGapMillis()));
        report.problems().forEach(problem -> console.line("  " + problem));
        boolean right = report.failures() == 0
                && report.answers().keySet().equals(new java.util.TreeSet<>(java.util.List.of("1.0.0", "1.1.0")));
        return console.check(right, "failures: " + report.failures());
    }

    private boolean missing() throws IOException, InterruptedException {
        console.chapter("(c) A model whose op bundle is not there explains itself, then answers");
        int[] a = AddSub.counting(1);
        int[] b = AddSub.constant(1);
        Client.Answer refused = client.infer("addsub_missing", AddSub.request(a, b));
        boolean right = console.check(!refused.ok(), "addsub_missing: HTTP " + refused.status());
        console.line("         " + AddSub.error(refused.body()));
        long start = System.nanoTime();
        server.deploy(ADDSUB + "-3.0.0.jar", "addsub-3.jar");
        console.line("  " + ADDSUB + "-3.0.0.jar is dropped into the deploy folder ...");
        if (!await("addsub_missing", a, b, Client.Answer::ok)) {
            return console.check(false, "addsub_missing did not become ready");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        console.line("  ... and the model answers " + millis + " ms later");
        right &= ask("addsub_missing", a, b, ADDSUB + "/3.0.0", (x, y) -> 2 * (x + y) + 1, (x, y) -> 2 * (x - y) + 1);
        server.remove("addsub-3.jar");
        boolean waits = await("addsub_missing", a, b, answer -> !answer.ok());
        right &= console.check(waits, "the bundle is removed again: the model waits for it, the others go on");
        right &= ask("addsub_v1", a, b, ADDSUB + "/1.1.0", (x, y) -> x + y, (x, y) -> x - y);
        return right;
    }

    private boolean await(String model, int[] a, int[] b, Predicate<Client.Answer> wanted)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!wanted.test(client.infer(model, AddSub.request(a, b)))) {
            if (System.nanoTime() - start > PATIENCE) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }
}
