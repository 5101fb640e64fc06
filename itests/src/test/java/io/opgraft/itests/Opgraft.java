package io.opgraft.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The distribution under test and its command. */
final class Opgraft {
    private Opgraft() {}

    /** The unpacked distribution. */
    static Path home() {
        return Path.of(property("opgraft.home"));
    }

    /** The folder of native fixture libraries that the build compiled. */
    static Path nativeFixtures() {
        return Path.of(property("opgraft.fixtures.native"));
    }

    /** The folder of plugin fixtures for TensorRT. */
    static Path tensorRtFixtures() {
        return Path.of(property("opgraft.fixtures.tensorrt"));
    }

    /** The folder of fixture models. */
    static Path modelFixtures() {
        return Path.of(property("opgraft.fixtures.models"));
    }

    /** The folder of op libraries from PyPI. */
    static Path wheels() {
        return Path.of(property("opgraft.fixtures.wheels"));
    }

    /** The folder of models for them, each with its right answers. */
    static Path pypiModels() {
        return Path.of(property("opgraft.fixtures.pypi"));
    }

    /** What is in a folder, by name. */
    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("run these tests with mvn verify; -D" + name + " is not set");
        }
        return value;
    }

    /**
     * What a command left.
     *
     * @param exit exit status
     * @param out standard output
     * @param err standard error
     */
    record Result(int exit, String out, String err) {}

    static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("opgraft").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Runs the command to its end. */
    static Result run(String... arguments) throws IOException, InterruptedException {
        return run(command(arguments));
    }

    static Result run(ProcessBuilder command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("opgraft", ".out");
        Path err = Files.createTempFile("opgraft", ".err");
        try {
            Process process = command.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("still running after 5 minutes: " + command.command());
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
