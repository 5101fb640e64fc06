package io.opgraft.tensorflow.internal;

import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@code opgraft-probe}: each library in a process of its own, few at a time. These are children of a process that
 * stays for a while with TensorFlow loaded; where that is not possible, each loads TensorFlow itself. Safe for use by many
 * threads.
 */
final class ProbeProgram implements AutoCloseable {
    /** As many processors as trials may keep busy. */
    private static final Semaphore AT_A_TIME = new Semaphore(2, true);

    private static final Logger LOG = LoggerFactory.getLogger(ProbeProgram.class);
    private static final int START_TRIES = 5;
    private static final long GRACE_MILLIS = 10_000;
    /** Long enough for what is deployed together, short enough for a server that stays as it is. */
    private static final long IDLE_MILLIS = 20_000;

    private static final String SCOPE_LIBRARY = "libopgraft_scope.so";
    private static final String PROGRAM = "opgraft-probe";
    private static final String LATE = "the probe did not end in time";

    private final Path tensorFlow;
    private final Path folder;
    private final long millis;
    private final long idleMillis;
    /** Those with nothing to do, the one that was used last in front. */
    private final Deque<ProbeServer> idle = new ConcurrentLinkedDeque<>();

    private volatile boolean oneByOne;
    private volatile boolean closed;

    /**
     * Unpacks the program.
     *
     * @param natives where it comes from
     * @param cache where TensorFlow's natives are unpacked
     * @param scratch a folder for short-lived files
     * @param millis how long one trial may take
     */
    ProbeProgram(NativeFiles natives, Path cache, Path scratch, long millis) throws IOException {
        this(natives, cache, scratch, millis, IDLE_MILLIS);
    }

    /** The same with a time after which a process that is not used ends; with 0 there is none that stays. */
    ProbeProgram(NativeFiles natives, Path cache, Path scratch, long millis, long idleMillis) throws IOException {
        this.idleMillis = idleMillis;
        this.oneByOne = idleMillis == 0;
        this.tensorFlow = natives.unpack(cache);
        Files.createDirectories(scratch);
        this.folder = Files.createTempDirectory(scratch.toAbsolutePath(), "probe");
        this.millis = millis;
        copy(natives.shim(), folder.resolve(SCOPE_LIBRARY));
        Path program = folder.resolve(PROGRAM);
        copy(natives.probe(), program);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException(program + " cannot be made executable");
        }
    }

    private static void copy(URL source, Path target) throws IOException {
        try (InputStream in = source.openStream()) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Loads a library, and its twin, in a process of its own. */
    Trial run(LibraryFiles files, LibraryFiles twin) throws IOException {
        boolean entered = false;
        try {
            AT_A_TIME.acquire();
            entered = true;
            return runNow(files, twin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the trial load of " + files.library() + " was interrupted", e);
        } finally {
            if (entered) {
                AT_A_TIME.release();
            }
        }
    }

    private Trial runNow(LibraryFiles files, LibraryFiles twin) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path results = Files.createTempDirectory(folder, "run");
        try {
            Files.createDirectory(results.resolve("empty"));
            List<String> request = List.of(paths(files), paths(twin), results.toString());
            if (!isMadeByServer(request)) {
                makeAlone(request, results.resolve("output"));
            }
            return Trial.read(results, millis, (System.nanoTime() - start) / 1_000_000);
        } finally {
            BoundDirectory.delete(results);
        }
    }

    /** Lets an idle process make the trial, or a new one; one that is idle may end at any time. */
    private boolean isMadeByServer(List<String> request) throws IOException, InterruptedException {
        for (ProbeServer server = idle.pollFirst(); server != null; server = idle.pollFirst()) {
            if (isMadeBy(server, request)) {
                return true;
            }
        }
        ProbeServer server = oneByOne ? null : startServer();
        return server != null && isMadeBy(server, request);
    }

    private boolean isMadeBy(ProbeServer server, List<String> request) throws IOException, InterruptedException {
        ProbeServer.Answer answer = null;
        try {
            server.ask(request);
            answer = server.await(millis + GRACE_MILLIS);
        } finally {
            if (answer == ProbeServer.Answer.DONE) {
                idle.addFirst(server);
            } else {
                server.close();
            }
            if (closed) {
                closeIdle();
            }
        }
        if (answer == ProbeServer.Answer.LATE) {
            throw new IOException(LATE);
        }
        return answer == ProbeServer.Answer.DONE;
    }

    /** Null if each library needs a process that loads TensorFlow itself, which then tells what is wrong, if anything. */
    private ProbeServer startServer() throws IOException, InterruptedException {
        ProbeServer server = new ProbeServer(
                start(builder("serve", Long.toString(idleMillis)).redirectError(ProcessBuilder.Redirect.DISCARD)));
        ProbeServer.Answer answer = null;
        try {
            answer = server.await(millis + GRACE_MILLIS);
        } finally {
            if (answer != ProbeServer.Answer.DONE) {
                server.close();
            }
        }
        if (answer == ProbeServer.Answer.DONE) {
            return server;
        }
        oneByOne = answer == ProbeServer.Answer.CANNOT;
        LOG.info("{} cannot serve several trials ({}), so each loads TensorFlow itself", PROGRAM, answer);
        return null;
    }

    private void makeAlone(List<String> request, Path output) throws IOException, InterruptedException {
        watch(start(builder("try", request.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())));
    }

    private ProcessBuilder builder(String mode, String... more) {
        List<String> command = new ArrayList<>(List.of(
                folder.resolve(PROGRAM).toString(),
                mode,
                tensorFlow.toString(),
                folder.resolve(SCOPE_LIBRARY).toString(),
                Long.toString(millis)));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        environment(builder.environment());
        return builder;
    }

    /** Nothing of the server's environment but where its libraries come from; the program adds folders for each library. */
    private static void environment(Map<String, String> environment) {
        String libraries = environment.get("LD_LIBRARY_PATH");
        environment.clear();
        if (libraries != null) {
            environment.put("LD_LIBRARY_PATH", libraries);
        }
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("LANG", "C.UTF-8");
        // Errors and fatal ones only, so that what is printed is the library's own.
        environment.put("TF_CPP_MIN_LOG_LEVEL", "2");
    }

    /** A thread that starts another process meanwhile may hold the program open for writing for a moment. */
    private static Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        for (int i = 1; ; i++) {
            try {
                return builder.start();
            } catch (IOException e) {
                if (i == START_TRIES || !String.valueOf(e.getMessage()).contains("busy")) {
                    throw new IOException("the probe cannot be started: " + e.getMessage(), e);
                }
                Thread.sleep(20L * i);
            }
        }
    }

    /** The program keeps the time itself and kills what it started; it does so too when its standard input closes. */
    private void watch(Process process) throws IOException, InterruptedException {
        try (var input = process.getOutputStream()) {
            if (!process.waitFor(millis + GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException(LATE);
            }
            input.flush();
        } finally {
            process.destroyForcibly();
        }
    }

    /** One a line, in the order of loading. */
    static String paths(LibraryFiles files) {
        return files.libraries().stream()
                .map(path -> path.toAbsolutePath().toString())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        closeIdle();
        BoundDirectory.delete(folder);
    }

    private void closeIdle() {
        for (ProbeServer server = idle.pollFirst(); server != null; server = idle.pollFirst()) {
            server.close();
        }
    }
}
