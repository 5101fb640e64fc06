package io.opgraft.tensorflow.internal;

import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs {@code opgraft-probe}: one process for each library, few at a time. Safe for use by many threads. */
final class ProbeProgram implements AutoCloseable {
    /** Each takes some 150 MB of memory and a processor for a short time. */
    private static final Semaphore AT_A_TIME = new Semaphore(2, true);

    private static final int START_TRIES = 5;
    private static final long GRACE_MILLIS = 10_000;
    private static final String SCOPE_LIBRARY = "libopgraft_scope.so";
    private static final String PROGRAM = "opgraft-probe";

    private final Path tensorFlow;
    private final Path folder;
    private final long millis;

    /**
     * Unpacks the program.
     *
     * @param natives where it comes from
     * @param cache where TensorFlow's natives are unpacked
     * @param scratch a folder for short-lived files
     * @param millis how long one trial may take
     */
    ProbeProgram(NativeFiles natives, Path cache, Path scratch, long millis) throws IOException {
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
            Path output = results.resolve("output");
            Path empty = Files.createDirectory(results.resolve("empty"));
            ProcessBuilder builder = new ProcessBuilder(
                            folder.resolve(PROGRAM).toString(),
                            tensorFlow.toString(),
                            folder.resolve(SCOPE_LIBRARY).toString(),
                            paths(files),
                            paths(twin),
                            results.toString(),
                            Long.toString(millis))
                    .directory(empty.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            environment(builder.environment(), empty);
            watch(start(builder));
            return Trial.read(results, millis, (System.nanoTime() - start) / 1_000_000);
        } finally {
            BoundDirectory.delete(results);
        }
    }

    /** Nothing of the server's environment but where its libraries come from. */
    private static void environment(Map<String, String> environment, Path empty) {
        String libraries = environment.get("LD_LIBRARY_PATH");
        environment.clear();
        if (libraries != null) {
            environment.put("LD_LIBRARY_PATH", libraries);
        }
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", empty.toString());
        environment.put("TMPDIR", empty.toString());
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
                throw new IOException("the probe did not end in time");
            }
            input.flush();
        } finally {
            process.destroyForcibly();
        }
    }

    /** One a line, in the order of loading. */
    static String paths(LibraryFiles files) {
        List<Path> all = new ArrayList<>(files.before());
        all.add(files.library());
        return all.stream().map(path -> path.toAbsolutePath().toString()).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() throws IOException {
        BoundDirectory.delete(folder);
    }
}
