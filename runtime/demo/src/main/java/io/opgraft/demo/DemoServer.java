package io.opgraft.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server in a process of its own, with data, deploy folder and log below the demo's folder. */
final class DemoServer implements AutoCloseable {
    private static final String READY = "HTTP ready on ";

    private final Process process;
    private final Path home;
    private final Path deploy;
    private final URI address;

    private DemoServer(Process process, Path home, Path deploy, URI address) {
        this.process = process;
        this.home = home;
        this.deploy = deploy;
        this.address = address;
    }

    /** Starts it with the op bundles of the story's beginning and returns when it answers. */
    static DemoServer start(Path home, Path data, int port, Console console) throws IOException, InterruptedException {
        if (isRunning(data)) {
            throw new DemoFailure("a demo already runs with the data directory " + data + "; stop it first");
        }
        deleteTree(data);
        Path deploy = Files.createDirectories(data.resolve("deploy"));
        copyOp(home, deploy, "io.opgraft.example.addsub-1.0.0.jar", "addsub-1.jar");
        copyOp(home, deploy, "io.opgraft.example.addsub-2.0.0.jar", "addsub-2.jar");
        copyOp(home, deploy, "com.example.addsub-1.0.0.jar", "other-addsub.jar");
        Path log = data.resolve("server.log");

        console.line("Starting the server; its log is " + log);
        Process process = new ProcessBuilder(command(home, data, deploy, port))
                .redirectError(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndHalt(process), "stop server"));
        URI address = awaitReady(process, log, console);
        return new DemoServer(process, home, deploy, address);
    }

    private static List<String> command(Path home, Path data, Path deploy, int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ServerJvm.arguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(System.getProperty("opgraft.main", "io.opgraft.launcher.Main"));
        command.add("serve");
        command.add("--model-repository");
        command.add(home.resolve("examples/models").toString());
        command.add("--deploy");
        command.add(deploy.toString());
        command.add("--data");
        command.add(data.toString());
        command.add("--http-port");
        command.add(Integer.toString(port));
        command.add("--metrics-port");
        command.add("0");
        return command;
    }

    private static URI awaitReady(Process process, Path log, Console console) throws IOException, InterruptedException {
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            console.line(line);
            if (line.startsWith(READY)) {
                drain(reader);
                return URI.create(line.substring(READY.length()).trim());
            }
        }
        process.waitFor();
        throw new DemoFailure("the server did not start.\n" + lastLines(log));
    }

    private static void drain(BufferedReader reader) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (reader.readLine() != null) {
                            // nothing that the server says later belongs to the story
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "server output");
        thread.setDaemon(true);
        thread.start();
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    /** The address that clients use. */
    URI address() {
        return address;
    }

    Path home() {
        return home;
    }

    /** Drops an op bundle of the examples into the deploy folder in one step, over what has that name. */
    void deploy(String jar, String name) throws IOException {
        copyOp(home, deploy, jar, name);
    }

    /** Removes an op bundle from the deploy folder. */
    void remove(String name) throws IOException {
        Files.delete(deploy.resolve(name));
    }

    private static void copyOp(Path home, Path deploy, String jar, String name) throws IOException {
        Path source = home.resolve("examples/ops").resolve(jar);
        if (!Files.isReadable(source)) {
            throw new DemoFailure("the example " + source + " is missing; build or unpack Opgraft again");
        }
        Path part = deploy.resolveSibling(name + ".part");
        Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, deploy.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits until the server ends, as it does on Ctrl-C. */
    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        stop(process);
    }

    private static void stopAndHalt(Process process) {
        if (process.isAlive()) {
            stop(process);
            // a signal ended the demo; that is the ordinary way to end it
            Runtime.getRuntime().halt(0);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isRunning(Path data) {
        Path socket = data.resolve("shell.sock");
        if (!Files.exists(socket)) {
            return false;
        }
        try (java.nio.channels.SocketChannel channel =
                java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
