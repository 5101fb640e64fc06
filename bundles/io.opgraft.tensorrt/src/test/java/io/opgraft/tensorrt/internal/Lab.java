package io.opgraft.tensorrt.internal;

import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.Signature;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the tests share: the shim, a driver whose GPU is the host, and libraries compiled from src/test/native. */
final class Lab {
    static final Path DATA = temporary();
    static final Settings SETTINGS = settings(DATA.resolve("data"));

    private static final Path SOURCES = Path.of("src", "test", "native");
    static final Path HEADERS = Path.of("..", Natives.BUNDLE, "src", "main", "native");
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static Path driver;

    private Lab() {}

    static Settings settings(Path data) {
        return new Settings(data, null, null, false, 0, 1 << 20, true, false, true, 20_000);
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("opgraft-tensorrt");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Natives.delete(folder);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path folder() throws IOException {
        return Files.createDirectories(DATA.resolve("lab" + COUNTER.incrementAndGet()));
    }

    /** Loads the shim and the test's driver; one GPU with a limit of memory for models, 0 for none. */
    static synchronized Device device(long memoryLimit) throws Exception {
        if (driver == null) {
            shim();
            driver = driver();
        }
        return Device.all(driver.toString(), memoryLimit).get(0);
    }

    static void shim() throws IOException {
        Shim.load(folder());
    }

    static Path driver(String... options) throws Exception {
        return compile("gcc", SOURCES.resolve("driver.c"), folder().resolve("libtestcuda.so.1"), options);
    }

    /** A plugin library; see plugin.cc for the macros. */
    static Path plugin(String name, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("-std=c++17", "-I" + HEADERS));
        all.addAll(List.of(options));
        return compile("g++", SOURCES.resolve("plugin.cc"), folder().resolve(name), all.toArray(String[]::new));
    }

    static Path compile(String compiler, Path source, Path target, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(compiler, "-shared", "-fPIC", "-O1", "-o", target.toString()));
        command.add(source.toString());
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
        return target;
    }

    /** The same file under another path, as the op index makes a twin. */
    static LibraryFiles copy(Path library) throws IOException {
        return LibraryFiles.alone(Files.copy(library, folder().resolve(library.getFileName())));
    }

    /** A library that nothing is loaded from. */
    static OpLibraryCopy library(String label, String... ops) {
        List<Registration> registrations = new ArrayList<>();
        for (String op : ops) {
            registrations.add(new Registration(PluginLibrary.KIND, op, Registration.Reach.SCOPE));
        }
        return new OpLibraryCopy(label, Path.of("/nowhere/" + label + ".so"), label, List.of(), registrations);
    }

    static ModelSource source(Path versionFolder) {
        return new ModelSource("m", 1, versionFolder, "", "", 0, List.of(), List.of(), Map.of());
    }

    /** With inputs and outputs, as far as the backend knows them. */
    static ModelSource completed(ModelSource source, Signature known) {
        return new ModelSource(
                source.name(),
                source.version(),
                source.directory(),
                source.platform(),
                source.fileName(),
                source.maxBatchSize(),
                known.inputs(),
                known.outputs(),
                source.parameters(),
                source.instanceGroups(),
                source.steps());
    }

    /** How a plan of TensorRT 10 begins. */
    static byte[] planHeader(int... version) {
        byte[] header = new byte[28];
        System.arraycopy(new byte[] {'f', 't', 'r', 't', 0, 0, 0, 0, 2}, 0, header, 0, 9);
        for (int i = 0; i < version.length; i++) {
            header[24 + i] = (byte) version[i];
        }
        return header;
    }
}
