package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown where nothing is written, and that it can be given back. */
class DefaultsTest {
    private static final ModelDescription MODEL = new ModelDescription(
            "tensorflow_graphdef",
            new Signature(
                    List.of(new TensorSpec("I", DataType.FP32, Shape.of(-1, 4))),
                    List.of(new TensorSpec("O", DataType.FP32, Shape.of(-1, 4)))),
            List.of());

    private static final String ENSEMBLE =
            "max_batch_size: 4 input { name: \"I\" data_type: TYPE_FP32 dims: 4 } output { name: \"O\" data_type: "
                    + "TYPE_FP32 dims: 4 } ensemble_scheduling { step { model_name: \"a\" input_map { key: \"x\" value: "
                    + "\"I\" } output_map { key: \"y\" value: \"O\" } } }";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void folder() throws Exception {
        file = directory.resolve("config.pbtxt");
        Files.writeString(directory.resolve("labels.txt"), "a\n");
    }

    private DeclaredConfig written(String text) throws Exception {
        Files.writeString(file, text);
        return ConfigReader.read("m", file);
    }

    private EffectiveConfig complete(DeclaredConfig declared) throws Exception {
        boolean ensemble = declared.proto().hasEnsembleScheduling();
        ModelSource source = declared.source("m", 1, directory.resolve("1"));
        List<InstanceGroup> executors = source.instanceGroups().isEmpty()
                ? List.of(new InstanceGroup(InstanceGroup.Kind.CPU, 2, List.of(), List.of()))
                : source.instanceGroups().stream()
                        .map(group -> group.settled(InstanceGroup.Kind.CPU, group.gpus()))
                        .toList();
        return ConfigCompleter.complete(
                source,
                declared,
                ensemble ? "ensemble" : "tensorflow",
                ensemble ? List.of() : executors,
                ensemble ? new ModelDescription("ensemble", MODEL.signature(), List.of()) : MODEL);
    }

    private String shown(String text) throws Exception {
        return complete(written(text)).metadata().config();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "max_batch_size: 0",
                "max_batch_size: 8 dynamic_batching { }",
                "max_batch_size: 8 dynamic_batching { preferred_batch_size: [ 2, 4 ] max_queue_delay_microseconds: 7 "
                        + "preserve_ordering: true priority_levels: 2 default_priority_level: 1 default_queue_policy { "
                        + "timeout_action: DELAY max_queue_size: 3 } priority_queue_policy { key: 2 value { } } }",
                "max_batch_size: 0 dynamic_batching { }",
                "instance_group [ { count: 3 }, { name: \"x\" kind: KIND_GPU gpus: [ 1 ] profile: [ \"p\" ] }, "
                        + "{ kind: KIND_MODEL } ]",
                "max_batch_size: 1 input { name: \"I\" dims: [ 2, 2 ] reshape { shape: 4 } optional: true format: "
                        + "FORMAT_NCHW } output { name: \"O\" label_filename: \"labels.txt\" }",
                "version_policy { specific { versions: [ 1, 3 ] } } response_cache { enable: true } metric_tags { key: "
                        + "\"a\" value: \"b\" } parameters { key: \"k\" value { string_value: \"v\" } }",
                "version_policy { latest { } }",
                "version_policy { all { } } model_transaction_policy { decoupled: false } default_model_filename: \"x\"",
                "model_warmup { name: \"w\" batch_size: 1 count: 2 inputs { key: \"I\" value { data_type: TYPE_FP32 dims: "
                        + "4 zero_data: true } } }",
                "model_operations { op_library_filename: \"io.acme;version='[1,2)'\" }",
                "optimization { priority: PRIORITY_MAX eager_batching: true input_pinned_memory { } }",
                ENSEMBLE
            })
    void whatIsShownCanBeGivenBack(String text) throws Exception {
        EffectiveConfig first = complete(written(text));
        String json = first.metadata().config();
        DeclaredConfig back = ConfigReader.override("m", file, json);
        EffectiveConfig second = complete(back);
        assertEquals(json, second.metadata().config());
        assertEquals(first.metadata().inputs(), second.metadata().inputs());
        assertEquals(first.metadata().outputs(), second.metadata().outputs());
        assertEquals(
                first.metadata().options().optionalInputs(),
                second.metadata().options().optionalInputs());
    }

    @Test
    void whatIsShownWithoutBeingWrittenIsNoReasonToWarn() throws Exception {
        assertEquals(
                List.of(),
                ConfigReader.override("m", file, shown("max_batch_size: 8 dynamic_batching { }"))
                        .warnings());
        assertEquals(List.of(), written("optimization { }").warnings());
        assertEquals(
                List.of("config.pbtxt of model m: field optimization has no effect: the backend chooses by itself."),
                written("optimization { output_pinned_memory { enable: false } }")
                        .warnings());
    }

    @Test
    void groupsAreThoseOfTheBackend() throws Exception {
        assertTrue(shown("").contains("\"instance_group\":[{\"name\":\"m\",\"kind\":\"KIND_CPU\",\"count\":2,"));
        String two = shown("instance_group [ { }, { name: \"x\" count: 3 kind: KIND_MODEL } ]");
        assertTrue(two.contains("[{\"name\":\"m_0\",\"kind\":\"KIND_CPU\",\"count\":1,"), two);
        assertTrue(two.contains("{\"name\":\"x\",\"kind\":\"KIND_MODEL\",\"count\":3,"), two);
    }

    @Test
    void writtenOptimizationIsKeptAndCompleted() throws Exception {
        String json = shown("optimization { priority: PRIORITY_MIN input_pinned_memory { enable: false } }");
        assertTrue(
                json.contains(
                        "\"optimization\":{\"priority\":\"PRIORITY_MIN\",\"input_pinned_memory\":{\"enable\":false},"
                                + "\"output_pinned_memory\":{\"enable\":true},\"gather_kernel_buffer_threshold\":0,"
                                + "\"eager_batching\":false}"),
                json);
    }

    @Test
    void ensembleHasNoBackendAndNoInstances() throws Exception {
        String json = shown(ENSEMBLE);
        assertTrue(json.contains("\"platform\":\"ensemble\",\"backend\":\"\""), json);
        assertTrue(json.contains("\"instance_group\":[]"), json);
        assertTrue(json.contains("\"model_transaction_policy\":{\"decoupled\":false}"), json);
        assertTrue(json.contains("\"default_model_filename\":\"\""), json);
        assertFalse(json.contains("\"optimization\""), json);
    }

    @Test
    void latestMeansAtLeastOne() throws Exception {
        assertTrue(shown("version_policy { latest { } }").contains("\"latest\":{\"num_versions\":1}"));
        assertTrue(shown("version_policy { latest { num_versions: 3 } }").contains("\"latest\":{\"num_versions\":3}"));
    }

    @Test
    void halfAListOfTensorsIsNotHandedToTheBackend() throws Exception {
        String two = "input { name: \"A\" %s dims: 4 } input { name: \"B\" data_type: TYPE_FP32 dims: 4 } "
                + "output { name: \"X\" %s } output { name: \"Y\" data_type: TYPE_FP32 }";
        ModelSource half = written(two.formatted("", "")).source("m", 1, directory);
        assertEquals(List.of(), half.inputs());
        assertEquals(List.of(), half.outputs());
        ModelSource whole = written(two.formatted("data_type: TYPE_INT8", "data_type: TYPE_INT8"))
                .source("m", 1, directory);
        assertEquals(2, whole.inputs().size());
        assertEquals(2, whole.outputs().size());
    }

    @Test
    void preferredSizeIsAFullBatchIfThereIsOne() throws Exception {
        assertTrue(shown("max_batch_size: 8 dynamic_batching { }").contains("\"preferred_batch_size\":[8]"));
        assertTrue(shown("max_batch_size: 0 dynamic_batching { }").contains("\"preferred_batch_size\":[]"));
    }
}
