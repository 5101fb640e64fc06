package io.opgraft.tensorflow.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One backend for all tests, libraries compiled from src/test/native, and short ways to models and tensors. */
final class Lab {
    static final Path DATA = temporary();
    static final Settings SETTINGS = new Settings(DATA, Settings.defaultCache(), 1, 1, true, 30_000);
    static final TensorFlowBackend BACKEND = new TensorFlowBackend(SETTINGS);

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private Lab() {}

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("opgraft-tensorflow");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    BoundDirectory.delete(folder);
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

    /** Compiles a source of src/test/native; the library needs TensorFlow's, as op libraries do. */
    static OpLibraryCopy library(String label, String source, String... options) throws Exception {
        Path natives = NativeFiles.find(Lab.class.getClassLoader()).unpack(SETTINGS.nativeCache());
        Path library = folder().resolve("libops.so");
        List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-O1", "-o", library.toString()));
        command.addAll(source.endsWith(".cc") ? List.of("-std=c++17", "-xc++") : List.of());
        command.addAll(List.of(options));
        command.add(Path.of("src", "test", "native", source).toString());
        command.addAll(List.of("-xnone", "-L" + natives, "-l:libtensorflow_framework.so.2"));
        if (source.endsWith(".cc")) {
            command.addAll(List.of("-l:libtensorflow_cc.so.2", "-lstdc++"));
        }
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(compiler.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (compiler.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
        return copy(label, library);
    }

    static OpLibraryCopy copy(String label, Path library) throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(library));
        return new OpLibraryCopy(HexFormat.of().formatHex(digest), library, label, List.of(), List.of());
    }

    /** y = 2x; different bytes for each label, so that each call gives a scope of its own. */
    static OpScope doubling(String label) throws Exception {
        return BACKEND.open(
                library(label, "scale.c", "-DFACTOR=2", "-DLABEL=" + label.hashCode(), "-Wl,-soname," + label));
    }

    /** y = 10x + bias, bias 0.5 unless the model sets it. */
    static OpScope tenfold(String label) throws Exception {
        return BACKEND.open(library(label, "scale.c", "-DFACTOR=10", "-DBIAS=\"0.5\"", "-Wl,-soname," + label));
    }

    static ModelSource source(Path versionFolder, TensorSpec[] inputs, TensorSpec[] outputs) {
        return new ModelSource("m", 1, versionFolder, "", "", 0, List.of(inputs), List.of(outputs), Map.of());
    }

    static ModelSource source(Path versionFolder, Map<String, String> parameters) {
        return new ModelSource("m", 1, versionFolder, "", "", 0, List.of(), List.of(), parameters);
    }

    static TensorSpec spec(String name, DataType datatype, long... shape) {
        return new TensorSpec(name, datatype, Shape.of(shape));
    }

    static Tensor floats(LoadedModel model, float... values) throws InferenceException {
        Tensor tensor = model.allocate(DataType.FP32, Shape.of(values.length), 4L * values.length);
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    /** Runs a model of one float input x and one float output. */
    static float[] run(LoadedModel model, String output, float... values) throws InferenceException {
        try (Tensor x = floats(model, values);
                Outputs outputs = model.run(Map.of("x", x), List.of(output))) {
            Tensor y = outputs.tensors().get(0);
            float[] result = new float[y.buffer().remaining() / 4];
            y.buffer().asFloatBuffer().get(result);
            return result;
        }
    }

    static byte[] content(Tensor tensor) {
        ByteBuffer buffer = tensor.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static Tensor tensor(LoadedModel model, DataType datatype, byte[] content, long... shape)
            throws InferenceException {
        Tensor tensor = model.allocate(datatype, Shape.of(shape), content.length);
        tensor.buffer().put(content);
        return tensor;
    }

    static String text(float... values) {
        return Arrays.toString(values);
    }
}
