package io.opgraft.ops.internal;

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

    static Path library(Path output, String source, String... options) throws IOException, InterruptedException {
        Files.createDirectories(output.getParent());
        List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-O1", "-o", output.toString()));
        command.add(Path.of("src/test/native", source).toAbsolutePath().toString());
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + text);
        return output;
    }
}
