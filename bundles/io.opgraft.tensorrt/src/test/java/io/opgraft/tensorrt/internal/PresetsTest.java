package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole way down to the presets and the trial of plans, on a TensorRT and a driver of the tests' own. */
class PresetsTest {
    private static TensorRtBackend backend;

    @BeforeAll
    static void start() throws Exception {
        Lab.shim();
        Path home = Lab.folder();
        Path driver = Lab.compile(
                "gcc",
                Path.of("src", "test", "native", "driver.c"),
                home.resolve("libcuda.so.1"),
                "-Wl,-soname,libcuda.so.1");
        Lab.compile(
                "g++",
                Path.of("src", "test", "native", "nvinfer.cc"),
                home.resolve("libnvinfer.so.10"),
                "-std=c++17",
                "-I" + Lab.HEADERS,
                "-Wl,-soname,libnvinfer.so.10");
        // The dynamic loader takes a library that is there for whatever asks for it by name.
        Shim.openLibrary(Utf8.bytes(driver));
        Settings settings = new Settings(Lab.folder(), home, null, false, 0, 1 << 20, false, false, true, 20_000);
        backend = new TensorRtBackend(settings, TensorRt::start, new TensorRt.MappedByLoader());
    }

    private static ModelSource plan(String text) throws Exception {
        Path folder = Lab.folder();
        Files.writeString(folder.resolve("model.plan"), text);
        return Lab.source(folder);
    }

    private static OpScope plugin(String name) throws Exception {
        Path library = Lab.plugin("libplugin.so", "-DNAME=\"" + name + "\"");
        return backend.open(
                new OpLibraryCopy(name + library.hashCode(), library, name, List.of(name + "/1"), List.of()));
    }

    @Test
    void plansRunWithTheirPlugins() throws Exception {
        assertTrue(backend.status().available(), backend.status().detail());
        assertEquals(
                "TensorRT 10.6.0 on GPU 0 (Test GPU, compute 9.0)",
                backend.status().detail());
        ModelSource source = plan("op AddSub/1\n");
        assertEquals("AddSub/1", backend.inspect(source).requirements().get(0).op());
        Map<String, OpScope> ops = Map.of("AddSub/1", plugin("AddSub"));
        // The first load tells inputs and outputs.
        assertThrows(ModelLoadException.class, () -> backend.load(source, ops));
        assertEquals(
                Shape.of(-1, 4),
                backend.inspect(source).signature().inputs().get(1).shape());
        ModelSource known = Lab.completed(source, backend.inspect(source).signature());
        try (LoadedModel model = backend.load(known, ops);
                Tensor a = model.allocate(DataType.FP32, Shape.of(2, 4), 32);
                Tensor b = model.allocate(DataType.FP32, Shape.of(2, 4), 32)) {
            a.buffer().asFloatBuffer().put(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
            b.buffer().asFloatBuffer().put(new float[] {8, 7, 6, 5, 4, 3, 2, 1});
            try (Outputs outputs = model.run(Map.of("a", a, "b", b), List.of("sum", "diff"))) {
                assertEquals(
                        9, outputs.tensors().get(0).buffer().asFloatBuffer().get(7));
                assertEquals(
                        7, outputs.tensors().get(1).buffer().asFloatBuffer().get(7));
            }
        }
    }

    @Test
    void aConfigurationThatContradictsThePlanNamesBothSides() throws Exception {
        Map<String, OpScope> ops = Map.of("AddSub/1", plugin("AddSub"));
        ModelSource source = plan("op AddSub/1\n#contradicted");
        List<TensorSpec> ints = List.of(new TensorSpec("a", DataType.INT32, Shape.of(-1, 4)));
        ModelSource wrong = Lab.completed(source, new Signature(ints, List.of()));
        assertEquals("AddSub/1", backend.inspect(wrong).requirements().get(0).op());
        for (int i = 0; i < 2; i++) {
            ModelLoadException e = assertThrows(ModelLoadException.class, () -> backend.load(wrong, ops));
            assertTrue(e.getMessage().contains("states inputs (a INT32 [-1,4])"), e.getMessage());
            assertTrue(e.getMessage().contains("has inputs (a FP32 [-1,4], b FP32 [-1,4])"), e.getMessage());
        }
    }

    @Test
    void aMissingPluginIsNamed() throws Exception {
        ModelSource source = plan("op AddSub/1\nop Other/1\n");
        Map<String, OpScope> ops = Map.of("AddSub/1", plugin("AddSub"));
        ModelLoadException e = assertThrows(ModelLoadException.class, () -> backend.load(source, ops));
        assertTrue(e.getMessage().endsWith("needs plugin Other/1"), e.getMessage());
    }

    @Test
    void aPlanThatWouldEndTheServerIsRefused() throws Exception {
        Map<String, OpScope> ops = Map.of("AddSub/1", plugin("AddSub"));
        ModelSource opened = plan("op AddSub/1\ncrash\n");
        assertEquals(1, backend.inspect(opened).requirements().size());
        ModelLoadException e = assertThrows(ModelLoadException.class, () -> backend.load(opened, ops));
        assertTrue(e.getMessage().contains("crashed (SIGABRT) while the plan was opened"), e.getMessage());
        ModelSource run = plan("op AddSub/1\nlate crash\n");
        e = assertThrows(ModelLoadException.class, () -> backend.load(run, ops));
        assertTrue(e.getMessage().contains("crashed (SIGABRT) while it ran"), e.getMessage());
    }
}
