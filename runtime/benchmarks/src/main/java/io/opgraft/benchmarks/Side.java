package io.opgraft.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server to measure: one that this started and ends again, or one that runs anyway. */
final class Side implements AutoCloseable {
    private static final String READY = "HTTP ready on ";
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");

    private final String name;
    private final InetSocketAddress address;
    private final long pid;
    private final Process process;

    private Side(String name, InetSocketAddress address, long pid, Process process) {
        this.name = name;
        this.address = address;
        this.pid = pid;
        this.process = process;
    }

    /** Starts the product as a user does and returns when it says that HTTP is ready. */
    static Side ours(Path home, Path work, Path models, String... options) throws IOException {
        return oursWith("", home, work, models, options);
    }

    /** The same with options for Java. */
    static Side oursWith(String javaOptions, Path home, Path work, Path models, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("opgraft").toString(), "serve"));
        command.addAll(List.of("--http-port", "0", "--metrics-port", "0"));
        command.addAll(List.of("--data", work.resolve("data").toString()));
        command.addAll(List.of("--model-repository", models.toString()));
        command.addAll(List.of(options));
        Process process = start(command, work, javaOptions);
        URI uri = URI.create(awaitLine(process, READY, work));
        return new Side("ours", new InetSocketAddress(uri.getHost(), uri.getPort()), process.pid(), process);
    }

    /** Starts the bare handler on the same Jetty. */
    static Side bare(Path home, Path work) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=" + home.resolve("conf/logback.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                BareServer.class.getName());
        Process process = start(command, work, "");
        int port = Integer.parseInt(awaitLine(process, BareServer.PORT, work));
        return new Side("bare", new InetSocketAddress(InetAddress.getLoopbackAddress(), port), process.pid(), process);
    }

    /**
     * Another v2 server, which has the identity model.
     *
     * @param text {@code URL} or {@code URL,PID}
     */
    static Side other(String text) {
        int comma = text.indexOf(',');
        URI uri = URI.create(comma < 0 ? text : text.substring(0, comma));
        if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("--against must be like http://127.0.0.1:8000,PID, but is " + text);
        }
        long pid = comma < 0 ? -1 : Long.parseLong(text.substring(comma + 1));
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return new Side("other", new InetSocketAddress(uri.getHost(), port), pid, null);
    }

    private static Process start(List<String> command, Path work, String javaOptions) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(Files.createDirectories(work).resolve("log.txt").toFile());
        if (!javaOptions.isEmpty()) {
            builder.environment().put("OPGRAFT_JAVA_OPTS", javaOptions);
        }
        return builder.start();
    }

    private static String awaitLine(Process process, String start, Path work) throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(start)) {
                return line.substring(start.length()).trim();
            }
        }
        throw new IOException("a server ended before it was ready:\n" + Files.readString(work.resolve("log.txt")));
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return pid;
    }

    /** Whether it says that it and its models are ready. */
    boolean isReady() throws IOException {
        URL url = new URL("http", address.getHostString(), address.getPort(), "/v2/health/ready");
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
            connection.disconnect();
        }
    }

    /** Processor time of the process in seconds, of all its threads; NaN if it is not known. */
    double cpuSeconds() throws IOException {
        if (pid < 0) {
            return Double.NaN;
        }
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name, in brackets, may have spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Resident memory of the process in MiB. */
    double residentMebibytes() throws IOException {
        Matcher matcher = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        if (!matcher.find()) {
            throw new IOException("no VmRSS of process " + pid);
        }
        return Long.parseLong(matcher.group(1)) / 1024.0;
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
