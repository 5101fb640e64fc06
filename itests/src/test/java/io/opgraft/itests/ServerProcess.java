package io.opgraft.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The distribution started as a user starts it, in a process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final String READY = "HTTP ready on ";
    private static final String METRICS = "Metrics ready on ";

    private final Process process;
    private final Path data;
    private final Path log;
    private final URI address;
    private final URI metrics;

    private ServerProcess(Process process, Path data, Path log, URI address, URI metrics) {
        this.process = process;
        this.data = data;
        this.log = log;
        this.address = address;
        this.metrics = metrics;
    }

    /** Starts {@code opgraft serve} on a free port and returns when it says that HTTP is ready. */
    static ServerProcess start(Path data, Path repository, String... options) throws IOException {
        return startJava("", data, repository, options);
    }

    /** The same with options for Java. */
    static ServerProcess startJava(String javaOptions, Path data, Path repository, String... options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--data", data.toString(), "--http-port", "0"));
        if (!List.of(options).contains("--metrics-port")) {
            arguments.addAll(List.of("--metrics-port", "0"));
        }
        if (repository != null) {
            arguments.addAll(List.of("--model-repository", repository.toString()));
        }
        arguments.addAll(List.of(options));
        Files.createDirectories(data);
        Path log = Files.createTempFile(data.getParent(), "server-", ".log");
        ProcessBuilder command =
                Opgraft.command(arguments.toArray(String[]::new)).redirectError(log.toFile());
        if (!javaOptions.isEmpty()) {
            command.environment().put("OPGRAFT_JAVA_OPTS", javaOptions);
        }
        Process process = command.start();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        URI metrics = null;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(METRICS)) {
                metrics = URI.create(line.substring(METRICS.length()).trim());
            }
            if (line.startsWith(READY)) {
                drain(reader);
                URI address = URI.create(line.substring(READY.length()).trim());
                return new ServerProcess(process, data, log, address, metrics);
            }
        }
        throw new AssertionError("the server ended before it was ready:\n" + Files.readString(log));
    }

    private static void drain(BufferedReader reader) {
        Thread thread = new Thread(() -> {
            try {
                while (reader.readLine() != null) {
                    // later lines are of no interest
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    URI address() {
        return address;
    }

    /** Where the metrics are; null if the line did not come before HTTP was ready. */
    URI metrics() {
        return metrics;
    }

    HttpProbe http() {
        return new HttpProbe(address);
    }

    long pid() {
        return process.pid();
    }

    Path data() {
        return data;
    }

    Path deploy() {
        return data.resolve("deploy");
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Runs one command line of {@code opgraft shell} against this server. */
    Opgraft.Result shell(String... command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("shell", "--data", data.toString()));
        arguments.addAll(List.of(command));
        return Opgraft.run(arguments.toArray(String[]::new));
    }

    /** Ends it as SIGTERM does; its exit status. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    /** Ends it as SIGKILL does. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
    }

    private int awaitExit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the server did not end within 30 s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
