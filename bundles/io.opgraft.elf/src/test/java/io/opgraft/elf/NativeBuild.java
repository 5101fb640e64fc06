package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds real libraries with the system compiler from {@code src/test/native}. */
final class NativeBuild {
    private NativeBuild() {}

    /** Compiles and links one source into a shared library. */
    static Path library(Path output, String source, String... options) throws IOException, InterruptedException {
        Files.createDirectories(output.getParent());
        List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-O1", "-o", output.toString()));
        command.add(Path.of("src/test/native", source).toAbsolutePath().toString());
        command.addAll(List.of(options));
        run(command);
        return output;
    }

    /** Runs a command that must succeed, and returns what it printed. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
        return output;
    }
}
