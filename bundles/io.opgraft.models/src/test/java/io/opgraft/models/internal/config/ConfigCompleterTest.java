package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCompleterTest {
    private static final List<InstanceGroup> TWO =
            List.of(new InstanceGroup(InstanceGroup.Kind.CPU, 2, List.of(), List.of()));

    @TempDir
    Path directory;

    private static TensorSpec spec(String name, DataType type, long... dims) {
        return new TensorSpec(name, type, Shape.of(dims));
    }

    private static ModelDescription model(List<TensorSpec> inputs, List<TensorSpec> outputs) {
        return new ModelDescription("tensorflow_savedmodel", new Signature(inputs, outputs), List.of());
    }

    private static final ModelDescription BATCHED = model(
            List.of(spec("A", DataType.INT32, -1, 16), spec("B", DataType.FP32, -1, -1)),
            List.of(spec("X", DataType.INT32, -1, 16), spec("Y", DataType.BYTES, -1)));

    private static final ModelDescription FIXED =
            model(List.of(spec("A", DataType.INT32, 16)), List.of(spec("X", DataType.INT32, -1, 16)));

    private ModelMetadata complete(String text, ModelDescription description) throws Exception {
        Path file = directory.resolve("config.pbtxt");
        Files.writeString(file, text);
        DeclaredConfig declared = ConfigReader.read("m", file);
        EffectiveConfig effective =
                ConfigCompleter.complete(declared.source("m", 3, directory), declared, "tensorflow", TWO, description);
        assertEquals(effective.metadata().inputs(), effective.source().inputs());
        assertEquals(effective.metadata().maxBatchSize(), effective.source().maxBatchSize());
        return effective.metadata();
    }

    private String error(String text, ModelDescription description) {
        ConfigException e = assertThrows(ConfigException.class, () -> complete(text, description));
        return e.getMessage().substring("config.pbtxt of model m".length());
    }

    @Test
    void missingConfigurationIsTakenFromTheModel() throws Exception {
        ModelMetadata m = complete("", BATCHED);
        assertEquals(4, m.maxBatchSize());
        assertEquals(BATCHED.signature().inputs(), m.inputs());
        assertEquals(BATCHED.signature().outputs(), m.outputs());
        assertEquals("tensorflow_savedmodel", m.platform());
        assertEquals(3, m.version());
    }

    @Test
    void modelThatCannotBeBatchedGetsZero() throws Exception {
        assertEquals(0, complete("", FIXED).maxBatchSize());
        assertEquals(
                0,
                complete("", model(List.of(spec("A", DataType.FP32)), List.of()))
                        .maxBatchSize());
        assertEquals(0, complete("", model(List.of(), List.of())).maxBatchSize());
        ModelDescription open = model(List.of(new TensorSpec("A", DataType.FP32, null)), List.of());
        assertEquals(0, complete("", open).maxBatchSize());
        assertNull(complete("", open).inputs().get(0).shape());
    }

    @Test
    void writtenZeroStaysAndDimsInFullMeanZero() throws Exception {
        assertEquals(0, complete("max_batch_size: 0", BATCHED).maxBatchSize());
        ModelMetadata m = complete("input { name: \"A\" dims: [ -1, 16 ] }", BATCHED);
        assertEquals(0, m.maxBatchSize());
        assertEquals(Shape.of(-1, 16), m.inputs().get(0).shape());
        assertEquals(4, complete("input { name: \"A\" dims: [ 16 ] }", BATCHED).maxBatchSize());
    }

    @Test
    void partialConfigurationIsCompleted() throws Exception {
        ModelMetadata m =
                complete("max_batch_size: 8 input { name: \"B\" dims: [ 7 ] } output { name: \"Y\" }", BATCHED);
        assertEquals(8, m.maxBatchSize());
        assertEquals(List.of(spec("B", DataType.FP32, -1, 7), spec("A", DataType.INT32, -1, 16)), m.inputs());
        assertEquals(List.of(spec("Y", DataType.BYTES, -1)), m.outputs());
    }

    @Test
    void contradictionsNameTheField() {
        assertEquals(
                ": input \"C\" is not in the model, whose inputs are A, B.", error("input { name: \"C\" }", BATCHED));
        assertEquals(
                ": field data_type of output \"X\" is TYPE_FP32, but the model has TYPE_INT32.",
                error("output { name: \"X\" data_type: TYPE_FP32 }", BATCHED));
        assertEquals(
                ": field dims of input \"A\" is [15], with the batch dimension [-1,15], but the model has [-1,16].",
                error("max_batch_size: 8 input { name: \"A\" dims: 15 }", BATCHED));
        assertEquals(
                ": field dims of input \"A\" is [16,1], but the model has [16].",
                error("input { name: \"A\" dims: [ 16, 1 ] }", FIXED));
        assertEquals(
                ": field dims of input \"A\" is [-1], but the model has [16].",
                error("input { name: \"A\" dims: -1 }", FIXED));
        assertEquals(
                ": field max_batch_size is 8, but input \"A\" of the model has shape [16], which does not begin with an "
                        + "open batch dimension.",
                error("max_batch_size: 8", FIXED));
    }

    @Test
    void configurationIsShownAsTritonShowsIt() throws Exception {
        String json = complete(
                        "max_batch_size: 8 parameters { key: \"K\" value { string_value: \"v\\\"\" } }\n"
                                + "dynamic_batching { max_queue_delay_microseconds: 18446744073709551615 }",
                        BATCHED)
                .config();
        assertEquals(
                "{\"name\":\"m\",\"platform\":\"tensorflow_savedmodel\",\"backend\":\"tensorflow\",\"runtime\":\"\","
                        + "\"version_policy\":{\"latest\":{\"num_versions\":1}},\"max_batch_size\":8,\"input\":["
                        + "{\"name\":\"A\",\"data_type\":\"TYPE_INT32\",\"format\":\"FORMAT_NONE\",\"dims\":[16],"
                        + "\"is_shape_tensor\":false,\"allow_ragged_batch\":false,\"optional\":false,"
                        + "\"is_non_linear_format_io\":false},"
                        + "{\"name\":\"B\",\"data_type\":\"TYPE_FP32\",\"format\":\"FORMAT_NONE\",\"dims\":[-1],"
                        + "\"is_shape_tensor\":false,\"allow_ragged_batch\":false,\"optional\":false,"
                        + "\"is_non_linear_format_io\":false}],"
                        + "\"output\":[{\"name\":\"X\",\"data_type\":\"TYPE_INT32\",\"dims\":[16],"
                        + "\"label_filename\":\"\",\"is_shape_tensor\":false,\"is_non_linear_format_io\":false},"
                        + "{\"name\":\"Y\",\"data_type\":\"TYPE_STRING\",\"dims\":[],"
                        + "\"label_filename\":\"\",\"is_shape_tensor\":false,\"is_non_linear_format_io\":false}],"
                        + "\"batch_input\":[],\"batch_output\":[],"
                        + "\"optimization\":{\"priority\":\"PRIORITY_DEFAULT\",\"input_pinned_memory\":{\"enable\":true},"
                        + "\"output_pinned_memory\":{\"enable\":true},\"gather_kernel_buffer_threshold\":0,"
                        + "\"eager_batching\":false},"
                        + "\"dynamic_batching\":{\"preferred_batch_size\":[8],"
                        + "\"max_queue_delay_microseconds\":18446744073709551615,\"preserve_ordering\":false,"
                        + "\"priority_levels\":0,\"default_priority_level\":0,\"priority_queue_policy\":{}},"
                        + "\"instance_group\":[{\"name\":\"m\",\"kind\":\"KIND_CPU\",\"count\":2,\"gpus\":[],"
                        + "\"secondary_devices\":[],\"profile\":[],\"passive\":false,\"host_policy\":\"\"}],"
                        + "\"default_model_filename\":\"model.savedmodel\",\"cc_model_filenames\":{},"
                        + "\"metric_tags\":{},\"parameters\":{\"K\":{\"string_value\":\"v\\\"\"}},\"model_warmup\":[]}",
                json);
    }

    @Test
    void everyDatatypeHasItsNameInTheSchema() throws Exception {
        for (DataType type : DataType.values()) {
            ModelMetadata m = complete("", model(List.of(spec("A", type, 1)), List.of()));
            assertTrue(m.config().contains("\"" + type.configName() + "\""), m.config());
        }
    }
}
