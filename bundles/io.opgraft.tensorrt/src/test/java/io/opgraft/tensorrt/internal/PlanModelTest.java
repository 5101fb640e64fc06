package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From plan to answers, on the test's engines and driver. */
class PlanModelTest {
    private static final int ROW = 4;

    private Device device;
    private TestEngines engines;
    private TensorRtBackend backend;

    @BeforeEach
    void start() throws Exception {
        start(0);
    }

    private void start(long memoryLimit) throws Exception {
        device = Lab.device(memoryLimit);
        engines = new TestEngines(device);
        backend = new TensorRtBackend(Lab.settings(Lab.folder()), settings -> engines, new PluginLibraries.Loader() {
            @Override
            public long open(Path file) {
                return 1;
            }

            @Override
            public void close(long handle) {
                engines.events.add("unmap");
            }
        });
    }

    private static ModelSource plan(String text, int maxBatchSize, InstanceGroup... groups) throws Exception {
        Path folder = Lab.folder();
        Files.writeString(folder.resolve("model.plan"), text);
        return new ModelSource(
                "m", 1, folder, "", "", maxBatchSize, List.of(), List.of(), Map.of(), List.of(groups), List.of());
    }

    private static InstanceGroup group(int count, String... profiles) {
        return new InstanceGroup(InstanceGroup.Kind.GPU, count, List.of(), List.of(profiles));
    }

    private static List<String> ops(List<? extends OpRequirement> requirements) {
        return requirements.stream().map(OpRequirement::op).toList();
    }

    private OpScope scope(String label, String... ops) throws Exception {
        return backend.open(Lab.library(label, ops));
    }

    /** Sums and differences of rows. */
    private static float[][] run(LoadedModel model, int rows, float start) throws InferenceException {
        float[] a = new float[rows * ROW];
        float[] b = new float[rows * ROW];
        for (int i = 0; i < a.length; i++) {
            a[i] = start + i;
            b[i] = 2 * i;
        }
        try (Tensor first = tensor(model, rows, a);
                Tensor second = tensor(model, rows, b);
                Outputs outputs = model.run(Map.of("a", first, "b", second), List.of("diff", "sum"))) {
            float[][] answers = new float[2][a.length];
            outputs.tensors().get(0).buffer().asFloatBuffer().get(answers[0]);
            outputs.tensors().get(1).buffer().asFloatBuffer().get(answers[1]);
            for (int i = 0; i < a.length; i++) {
                assertEquals(a[i] - b[i], answers[0][i]);
                assertEquals(a[i] + b[i], answers[1][i]);
            }
            assertEquals(Shape.of(rows, ROW), outputs.tensors().get(0).shape());
            return answers;
        }
    }

    private static Tensor tensor(LoadedModel model, int rows, float[] values) throws InferenceException {
        Tensor tensor = model.allocate(DataType.FP32, Shape.of(rows, ROW), (long) values.length * Float.BYTES);
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    @Test
    void aPlanWithoutPluginsIsKnownAtOnce() throws Exception {
        ModelSource source = plan("#", 8);
        ModelDescription description = backend.inspect(source);
        assertEquals("tensorrt_plan", description.platform());
        assertEquals(
                List.of("a", "b"),
                description.signature().inputs().stream().map(i -> i.name()).toList());
        assertEquals(List.of(), description.requirements());
        try (LoadedModel model = backend.load(known(source), Map.of())) {
            assertEquals(1, model.parallelism());
            run(model, 1, 1);
            run(model, 8, 5);
        }
    }

    @Test
    void pluginsAreAskedForOneByOneAndRemembered() throws Exception {
        ModelSource source = plan("A/1\nB/2\n", 0);
        assertEquals(List.of("A/1"), ops(backend.inspect(source).requirements()));
        OpScope a = scope("liba", "A/1");
        ModelLoadException more = assertThrows(ModelLoadException.class, () -> backend.load(source, Map.of("A/1", a)));
        assertEquals(List.of("A/1", "B/2"), ops(more.missing()));
        assertTrue(more.getMessage().endsWith("needs plugin B/2"), more.getMessage());
        assertEquals(List.of("A/1", "B/2"), ops(backend.inspect(source).requirements()));
        assertEquals(List.of(), backend.inspect(source).signature().inputs());
        Map<String, OpScope> bound = Map.of("A/1", a, "B/2", scope("libb", "B/2"));
        ModelLoadException signature = assertThrows(ModelLoadException.class, () -> backend.load(source, bound));
        assertEquals(List.of("A/1", "B/2"), ops(signature.missing()));
        assertEquals(2, backend.inspect(source).signature().inputs().size());
        try (LoadedModel model = backend.load(known(source), bound)) {
            run(model, 3, 1);
        }
    }

    @Test
    void whatTheConfigurationStatesInFullNeedsNoSecondLook() throws Exception {
        ModelSource bare = plan("A/1\n#stated", 0);
        assertEquals(1, backend.inspect(bare).requirements().size());
        ModelSource stated = stated(bare, DataType.FP32, "a", "b", "sum");
        try (LoadedModel model = backend.load(stated, Map.of("A/1", scope("liba", "A/1")))) {
            run(model, 1, 1);
        }
    }

    /** Two inputs and an output. */
    private static ModelSource stated(ModelSource source, DataType datatype, String... names) {
        List<TensorSpec> tensors = Stream.of(names)
                .map(name -> new TensorSpec(name, datatype, Shape.of(Shape.ANY, ROW)))
                .toList();
        return Lab.completed(source, new Signature(tensors.subList(0, 2), tensors.subList(2, 3)));
    }

    @Test
    void whatTheConfigurationStatesWronglyIsRefusedWheneverThePlanBecameKnown() throws Exception {
        String text = "A/1\n#contradicted";
        Map<String, OpScope> ops = Map.of("A/1", scope("liba", "A/1"));
        // All are looked at before one of them makes the plan known.
        ModelSource right = plan(text, 0);
        ModelSource names = plan(text, 0);
        ModelSource type = plan(text, 0);
        for (ModelSource each : List.of(right, names, type)) {
            assertEquals(1, backend.inspect(each).requirements().size());
        }
        assertContradicts(stated(names, DataType.FP32, "a", "B", "sum"), ops, "B FP32 [-1,4]");
        backend.load(stated(right, DataType.FP32, "a", "b", "sum"), ops).close();
        assertContradicts(stated(names, DataType.FP32, "a", "b", "D"), ops, "outputs (D FP32 [-1,4])");
        assertContradicts(stated(type, DataType.INT32, "a", "b", "sum"), ops, "a INT32 [-1,4], b INT32 [-1,4]");
        assertContradicts(right, ops, "inputs () and outputs ()");
    }

    private void assertContradicts(ModelSource stated, Map<String, OpScope> ops, String text) {
        ModelLoadException e = assertThrows(ModelLoadException.class, () -> backend.load(stated, ops));
        assertTrue(e.getMessage().contains(text), e.getMessage());
        assertTrue(
                e.getMessage()
                        .contains(" has inputs (a FP32 [-1,4], b FP32 [-1,4]) and outputs (sum FP32 [-1,4], diff FP32"),
                e.getMessage());
        // With these the configuration is completed again, which then says which field is wrong.
        assertEquals(List.of("A/1"), ops(e.missing()));
        assertEquals("close engine", engines.events.get(engines.events.size() - 1));
    }

    @Test
    void aBatchBeyondAllProfilesSaysBothSizesAlsoWhenThePlanIsNew() throws Exception {
        ModelSource source = plan("A/1\n#batch", 33);
        backend.inspect(source);
        Map<String, OpScope> ops = Map.of("A/1", scope("liba", "A/1"));
        ModelLoadException e = assertThrows(
                ModelLoadException.class, () -> backend.load(stated(source, DataType.FP32, "a", "b", "sum"), ops));
        assertTrue(
                e.getMessage().contains("max_batch_size is 33")
                        && e.getMessage().contains("takes at most 32; set"),
                e.getMessage());
    }

    @Test
    void twoLibrariesOfOneNameAreRefusedInOneModelOnly() throws Exception {
        ModelSource source = plan("A/1\nB/1\n", 0);
        OpScope one = scope("one", "A/1", "B/1");
        OpScope two = scope("two", "B/1");
        ModelLoadException e =
                assertThrows(ModelLoadException.class, () -> backend.load(source, Map.of("A/1", one, "B/1", two)));
        assertTrue(e.getMessage().contains("both one and two define B/1"), e.getMessage());
    }

    @Test
    void shapesOutsideTheProfileAreTheClientsFault() throws Exception {
        try (LoadedModel model = backend.load(known(plan("#", 0, group(1, "0"))), Map.of())) {
            InferenceException e = assertThrows(InferenceException.class, () -> run(model, 9, 1));
            assertEquals("input \"a\" has shape [9,4], but the plan takes [1,4] to [8,4]", e.getMessage());
            assertTrue(e.clientFault());
            run(model, 8, 1);
        }
    }

    private ModelSource known(ModelSource source) throws ModelLoadException {
        return Lab.completed(source, backend.inspect(source).signature());
    }

    @Test
    void instancesTakeTheProfilesOfTheirGroup() throws Exception {
        try (LoadedModel model = backend.load(known(plan("#", 32, group(2, "0", "1"))), Map.of())) {
            assertEquals(2, model.parallelism());
            run(model, 8, 1);
            run(model, 9, 1);
            run(model, 32, 1);
        }
        try (LoadedModel model = backend.load(known(plan("#", 32)), Map.of())) {
            run(model, 32, 1);
        }
        ModelLoadException e = assertThrows(
                ModelLoadException.class, () -> backend.load(known(plan("#", 0, group(1, "2"))), Map.of()));
        assertTrue(e.getMessage().contains("profile 2") && e.getMessage().contains("0 to 1"), e.getMessage());
    }

    @Test
    void batchesAndDevicesThatCannotBeAreRefused() throws Exception {
        ModelLoadException batch = assertThrows(
                ModelLoadException.class, () -> backend.load(known(plan("#", 9, group(1, "0"))), Map.of()));
        assertTrue(batch.getMessage().contains("max_batch_size is 9")
                && batch.getMessage().contains("at most 8"));
        InstanceGroup other = new InstanceGroup(InstanceGroup.Kind.GPU, 1, List.of(1), List.of());
        ModelLoadException gpu =
                assertThrows(ModelLoadException.class, () -> backend.load(known(plan("#", 0, other)), Map.of()));
        assertTrue(gpu.getMessage().contains("names GPU 1, but this machine has GPU 0 only"), gpu.getMessage());
        InstanceGroup cpu = new InstanceGroup(InstanceGroup.Kind.CPU, 1, List.of(), List.of());
        assertThrows(ModelLoadException.class, () -> backend.load(known(plan("#", 0, cpu)), Map.of()));
    }

    @Test
    void aGraphGivesTheSameAnswers() throws Exception {
        HostMemory memory = new HostMemory(device, 1 << 20);
        Engine engine = engines.open(PlanFile.read(write("#")), List.of(), device);
        Instance instance = Instance.open(engine, List.of(0), memory);
        instance.useGraphs(true);
        LoadedModel model = new PlanModel(memory, List.of(engine), List.of(instance));
        long before = contexts();
        for (int i = 0; i < 200; i++) {
            run(model, 1 + i % 2, i);
        }
        // One more context for each of the two shapes, whether it was kept in the end or not.
        assertEquals(before + 2, contexts());
        model.close();
        assertEquals("close engine", engines.events.get(engines.events.size() - 1));
        assertEquals(0, device.memory().taken());
        memory.close();
    }

    private static Path write(String text) throws Exception {
        return Files.writeString(Lab.folder().resolve("model.plan"), text);
    }

    private long contexts() {
        return engines.events.stream().filter("context"::equals).count();
    }

    @Test
    void warmUpLeavesNothingBehind() throws Exception {
        HostMemory memory = new HostMemory(device, 1 << 20);
        Engine engine = engines.open(PlanFile.read(write("#")), List.of(), device);
        try (Instance instance = Instance.open(engine, List.of(0), memory)) {
            new WarmUp(engine, memory).run(instance);
            assertEquals(1, contexts());
        }
        assertEquals(0, device.memory().taken());
    }

    @Test
    void failingRunsAreTheServersFaultAndEndNothing() throws Exception {
        try (LoadedModel model = backend.load(known(plan("fails", 0)), Map.of())) {
            for (int i = 0; i < 3; i++) {
                InferenceException e = assertThrows(InferenceException.class, () -> run(model, 1, 1));
                assertTrue(e.getMessage().contains("Assertion pluginUtils::isSuccess(status) failed."));
                assertFalse(e.clientFault());
            }
        }
    }

    @Test
    void inputsAreChecked() throws Exception {
        try (LoadedModel model = backend.load(known(plan("#", 0)), Map.of());
                Tensor a = tensor(model, 1, new float[ROW]);
                Tensor ints = model.allocate(DataType.INT32, Shape.of(1, ROW), ROW * 4);
                Tensor flat = model.allocate(DataType.FP32, Shape.of(ROW), ROW * 4)) {
            assertFault("input \"b\" is missing", model, Map.of("a", a), "sum");
            assertFault("input \"b\" is INT32, but the plan takes FP32", model, Map.of("a", a, "b", ints), "sum");
            assertFault(
                    "input \"b\" has shape [4], but the plan takes [-1,4]", model, Map.of("a", a, "b", flat), "sum");
            assertFault("input \"c\" is unknown; the model has a, b", model, Map.of("a", a, "b", a, "c", a), "sum");
            assertFault("output \"x\" is unknown; the model has sum, diff", model, Map.of("a", a, "b", a), "x");
            assertThrows(InferenceException.class, () -> model.allocate(DataType.FP32, Shape.of(2), 4));
            assertThrows(InferenceException.class, () -> model.allocate(DataType.BYTES, Shape.of(1), 4));
        }
    }

    private static void assertFault(String message, LoadedModel model, Map<String, Tensor> inputs, String output) {
        InferenceException e = assertThrows(InferenceException.class, () -> model.run(inputs, List.of(output)));
        assertEquals(message, e.getMessage());
        assertTrue(e.clientFault());
    }

    @Test
    void deviceMemoryIsCountedAndLimited() throws Exception {
        start(3 * 4096);
        try (LoadedModel model = backend.load(known(plan("#", 0, group(2, "0"))), Map.of())) {
            assertTrue(
                    device.memory().taken() >= 2 * 4096,
                    "taken " + device.memory().taken());
            ModelLoadException e = assertThrows(
                    ModelLoadException.class, () -> backend.load(known(plan("##", 0, group(2, "0"))), Map.of()));
            assertTrue(e.getMessage().contains("has a limit of 1 MiB for models"), e.getMessage());
            run(model, 1, 1);
        }
        assertEquals(0, device.memory().taken());
    }

    @Test
    void manyThreadsShareTheInstances() throws Exception {
        var pool = Executors.newFixedThreadPool(4);
        try (LoadedModel model = backend.load(known(plan("#", 0, group(2, "0"))), Map.of())) {
            List<Callable<float[][]>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int n = i;
                calls.add(() -> run(model, 1 + n % 8, n));
            }
            for (Future<float[][]> answer : pool.invokeAll(calls)) {
                answer.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void plansOfOtherVersionsAndWithHostCodeAreRefused() throws Exception {
        ModelLoadException old = assertThrows(ModelLoadException.class, () -> backend.inspect(plan("old", 0)));
        assertTrue(old.getMessage().contains("10.3.0.26") && old.getMessage().contains("10.6.0.26"));
        ModelSource header = Lab.source(Lab.folder());
        Files.write(header.directory().resolve("model.plan"), Lab.planHeader(10, 5, 0, 18));
        ModelLoadException other = assertThrows(ModelLoadException.class, () -> backend.inspect(header));
        assertTrue(
                other.getMessage()
                        .endsWith("it was built by TensorRT 10.5.0.18, and this server runs TensorRT 10.6.0; build it"
                                + " with that version"),
                other.getMessage());
        ModelSource build = Lab.source(Lab.folder());
        Files.write(build.directory().resolve("model.plan"), Lab.planHeader(10, 6, 0, 30));
        assertEquals(2, backend.inspect(build).signature().inputs().size());
        ModelSource empty = plan("", 0);
        ModelLoadException nothing = assertThrows(ModelLoadException.class, () -> backend.inspect(empty));
        assertTrue(nothing.getMessage().endsWith("is empty; copy it there again"), nothing.getMessage());
        ModelSource code = plan("#", 0);
        byte[] elf = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
        elf[18] = 62;
        Path file = Files.write(code.directory().resolve("model.plan"), elf);
        ModelLoadException e = assertThrows(ModelLoadException.class, () -> backend.inspect(code));
        assertTrue(e.getMessage().contains("--allow-plan-code"), e.getMessage());
        assertTrue(e.getMessage().contains(PlanFile.read(file).digest()), e.getMessage());
    }

    @Test
    void usedLibrariesAreMappedUntilNobodyNeedsThemIfThatIsWanted() throws Exception {
        Settings base = Lab.settings(Lab.folder());
        PluginLibraries libraries = new PluginLibraries(true, new PluginLibraries.Loader() {
            @Override
            public long open(Path file) {
                return 1;
            }

            @Override
            public void close(long handle) {
                engines.events.add("unmap");
            }
        });
        assertFalse(base.unmapRetired());
        PluginLibrary one = libraries.open(Lab.library("one", "A/1"));
        one.use();
        one.use();
        one.release();
        assertEquals(1, libraries.list().size());
        assertFalse(engines.events.contains("unmap"));
        one.release();
        assertEquals(0, libraries.list().size());
        assertTrue(engines.events.contains("unmap"));
    }

    @Test
    void memoryOfTensorsIsReused() throws Exception {
        HostMemory memory = new HostMemory(device, 1 << 12);
        long first = memory.take(1000);
        memory.giveBack(first, 1000);
        assertEquals(1024, memory.kept());
        assertEquals(first, memory.take(1024));
        memory.giveBack(first, 1024);
        memory.giveBack(memory.take(1 << 13), 1 << 13);
        assertEquals(1024, memory.kept());
        memory.close();
        assertArrayEquals(new long[] {256, 512, 1 << 20, 2 << 20}, new long[] {
            DeviceBuffers.rounded(0),
            DeviceBuffers.rounded(257),
            DeviceBuffers.rounded(1 << 20),
            DeviceBuffers.rounded((1 << 20) + 1)
        });
    }

    @Test
    void instanceGroupsAreToldAsTheyAre() throws Exception {
        InstanceGroup.Kind gpu = InstanceGroup.Kind.GPU;
        assertEquals(
                List.of(new InstanceGroup(gpu, 1, List.of(0), List.of())),
                backend.instanceGroups(plan("in A FP32 -1 4", 8)));
        InstanceGroup model = new InstanceGroup(InstanceGroup.Kind.MODEL, 3, List.of(), List.of());
        assertEquals(
                List.of(new InstanceGroup(gpu, 2, List.of(0), List.of("1")), model),
                backend.instanceGroups(plan(
                        "in A FP32 -1 4",
                        8,
                        new InstanceGroup(InstanceGroup.Kind.AUTO, 2, List.of(), List.of("1")),
                        model)));
    }
}
