package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running server with a shell session, and what it says of its bundles and models. */
final class DurableServer implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("\\s*(\\d+)\\|(\\w+)\\s*\\|\\s*\\d+\\|([^|]+?) \\(.*\\|(.*)");

    private final ServerProcess server;
    private final ShellSession shell;

    private DurableServer(ServerProcess server, ShellSession shell) {
        this.server = server;
        this.shell = shell;
    }

    static DurableServer start(Path data, Path models, String... options) throws IOException {
        ServerProcess server = ServerProcess.start(data, models, options);
        return new DurableServer(server, ShellSession.open(data));
    }

    /**
     * A bundle as the framework lists it.
     *
     * @param id its id
     * @param label {@code name/version}
     * @param state such as {@code Active}
     */
    record Listed(long id, String label, String state) {}

    /** The bundles whose names begin so, by name. */
    Map<String, Listed> bundles(String prefix) throws IOException {
        Map<String, Listed> bundles = new TreeMap<>();
        for (String line : shell.run("lb -s").lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && matcher.group(3).startsWith(prefix)) {
                String name = matcher.group(3);
                Listed bundle = new Listed(
                        Long.parseLong(matcher.group(1)),
                        name + "/" + matcher.group(4).strip(),
                        matcher.group(2));
                Listed other = bundles.put(name, bundle);
                assertEquals(null, other, "two bundles " + name);
            }
        }
        return bundles;
    }

    String run(String command) throws IOException {
        return shell.run(command);
    }

    String log() throws IOException {
        return server.log();
    }

    /** Runs a command again and again until its text has a part. */
    String await(String command, String part) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String text = run(command);
        while (!text.contains(part)) {
            assertTrue(System.nanoTime() < end, command + " does not say " + part + ": " + text);
            TimeUnit.MILLISECONDS.sleep(100);
            text = run(command);
        }
        return text;
    }

    /** The version that a model answers by now; the numbers are checked. */
    String answeredBy(NumberedModel model) throws IOException, InterruptedException {
        HttpResponse<String> answer = model.infer(server.http(), 3);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(null, model.fault(answer, 3));
        return String.join(",", NumberedModel.computedBy(answer).values());
    }

    /** Waits until a model answers by that version, and checks the numbers. */
    void assertAnswers(NumberedModel model, String label) throws IOException, InterruptedException {
        HttpResponse<String> answer = server.http().await(() -> model.infer(server.http(), 3), r -> Set.copyOf(
                        NumberedModel.computedBy(r).values())
                .equals(Set.of(label)));
        assertEquals(null, model.fault(answer, 3));
    }

    /** Waits until a model says that it lacks its op. */
    void assertLacks(NumberedModel model) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                server.http().await(() -> model.infer(server.http(), 3), r -> r.statusCode() == 503);
        assertTrue(answer.body().contains("FixtureScale"), answer.body());
    }

    void kill() throws InterruptedException {
        server.kill();
    }

    @Override
    public void close() throws IOException {
        shell.close();
        server.close();
    }
}
