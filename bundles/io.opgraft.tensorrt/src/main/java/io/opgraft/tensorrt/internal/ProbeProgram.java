package io.opgraft.tensorrt.internal;

import io.opgraft.probe.LibraryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs {@code opgraft-tensorrt-probe}: one process for each library, few at a time. Safe for use by many threads. */
final class ProbeProgram implements AutoCloseable {
    private static final Semaphore AT_A_TIME = new Semaphore(2, true);
    private static final int START_TRIES = 5;
    private static final long GRACE_MILLIS = 10_000;

    private final Path folder;
    private final Path program;
    private final List<Path> libraryFolders = new ArrayList<>();
    private final Path stub;
    private final long millis;

    /**
     * Unpacks the program.
     *
     * @param scratch a folder for short-lived files
     * @param server libraries of TensorRT and CUDA that plugin libraries may need by name
     * @param millis how long one trial may take
     */
    ProbeProgram(Path scratch, Iterable<Path> server, long millis) throws IOException {
        Files.createDirectories(scratch);
        this.folder = Files.createTempDirectory(scratch.toAbsolutePath(), "probe");
        this.millis = millis;
        this.program = Natives.unpack(Natives.PROBE, folder);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException(program + " cannot be made executable");
        }
        for (Path file : server) {
            if (file.getParent() != null) {
                libraryFolders.add(file.getParent());
            }
        }
        this.stub = Natives.unpack(Natives.DRIVER_STUB, folder);
    }

    /**
     * Loads a library, and its twin, in a process of its own.
     *
     * @param tensorRt path or name of TensorRT's library; empty to do without
     * @param files null to load nothing but TensorRT
     * @param twin null to load nothing but TensorRT
     */
    Trial run(String tensorRt, LibraryFiles files, LibraryFiles twin) throws IOException {
        return run(tensorRt, paths(files), paths(twin), List.of());
    }

    /** Opens a plan with some libraries on a GPU, and runs it once. */
    Trial run(String tensorRt, List<Path> libraries, Path plan, int device) throws IOException {
        return run(tensorRt, lines(libraries), plan.toString(), List.of(Integer.toString(device)));
    }

    private Trial run(String tensorRt, String first, String second, List<String> more) throws IOException {
        boolean entered = false;
        try {
            AT_A_TIME.acquire();
            entered = true;
            return runNow(tensorRt, first, second, more);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the trial load was interrupted", e);
        } finally {
            if (entered) {
                AT_A_TIME.release();
            }
        }
    }

    private static String paths(LibraryFiles files) {
        if (files == null) {
            return "";
        }
        return lines(files.libraries());
    }

    private static String lines(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().toString()).collect(Collectors.joining("\n"));
    }

    private Trial runNow(String tensorRt, String first, String second, List<String> more)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path results = Files.createTempDirectory(folder, "run");
        try {
            Path output = results.resolve("output");
            Path empty = Files.createDirectory(results.resolve("empty"));
            List<String> command = new ArrayList<>(
                    List.of(program.toString(), tensorRt, first, second, results.toString(), Long.toString(millis)));
            command.addAll(more);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(empty.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            environment(builder.environment(), empty);
            watch(start(builder));
            return Trial.read(results, millis, (System.nanoTime() - start) / 1_000_000);
        } finally {
            Natives.delete(results);
        }
    }

    /** Nothing of the server's environment but where its libraries come from. */
    private void environment(Map<String, String> environment, Path empty) {
        String libraries = environment.get("LD_LIBRARY_PATH");
        environment.clear();
        List<String> folders = new ArrayList<>();
        if (libraries != null && !libraries.isEmpty()) {
            folders.add(libraries);
        }
        libraryFolders.forEach(path -> folders.add(path.toString()));
        if (!folders.isEmpty()) {
            environment.put("LD_LIBRARY_PATH", String.join(":", folders));
        }
        // Taken where the loader finds no driver.
        environment.put("OPGRAFT_DRIVER_STUB", stub.toString());
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", empty.toString());
        environment.put("TMPDIR", empty.toString());
        environment.put("LANG", "C.UTF-8");
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

    @Override
    public void close() throws IOException {
        Natives.delete(folder);
    }
}
