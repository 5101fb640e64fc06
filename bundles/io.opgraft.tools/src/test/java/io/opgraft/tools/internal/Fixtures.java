package io.opgraft.tools.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Real libraries, built with the system compiler, and wheels of them. */
public final class Fixtures {
    private Fixtures() {}

    /** Builds a library of one line of C. */
    public static Path library(Path output, String code, String... options) throws IOException, InterruptedException {
        Files.createDirectories(output.getParent());
        Path source = Files.writeString(Files.createTempFile("fixture", ".c"), code + "\n");
        List<String> command =
                new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-o", output.toString(), source.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + text);
        Files.delete(source);
        return output;
    }

    /** Builds a library that uses TensorFlow's C API and so looks like one with ops. */
    public static Path opLibrary(Path output, String... options) throws IOException, InterruptedException {
        return library(output, "void TF_NewStatus(void); void use(void) { TF_NewStatus(); }", options);
    }

    /** Writes a zip file. */
    public static Path zip(Path file, Map<String, ?> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, ?> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                if (entry.getValue() instanceof Path path) {
                    Files.copy(path, zip);
                } else {
                    zip.write(entry.getValue().toString().getBytes(StandardCharsets.UTF_8));
                }
                zip.closeEntry();
            }
        }
        return file;
    }
}
