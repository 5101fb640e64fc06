package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.QueuePolicy;
import io.opgraft.models.QueuePolicy.TimeoutAction;
import io.opgraft.models.Scheduling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fields beyond the tensors become. */
class ConfigOptionsTest {
    private static final String ENSEMBLE = "max_batch_size: 4 input { name: \"I\" data_type: TYPE_FP32 dims: 2 } "
            + "output { name: \"O\" data_type: TYPE_FP32 dims: 2 } ";

    @TempDir
    Path directory;

    private EffectiveConfig complete(String text, TensorSpec input, TensorSpec output) throws Exception {
        DeclaredConfig declared = read(text);
        ModelSource source = declared.source("m", 1, directory.resolve("1"));
        Signature signature = new Signature(List.of(input), List.of(output));
        return ConfigCompleter.complete(
                source, declared, "fake", source.instanceGroups(), new ModelDescription("p", signature, List.of()));
    }

    private DeclaredConfig read(String text) throws Exception {
        Path file = directory.resolve("config.pbtxt");
        Files.writeString(file, text);
        return ConfigReader.read("m", file);
    }

    private EffectiveConfig complete(String text) throws Exception {
        return complete(
                text,
                new TensorSpec("I", DataType.FP32, Shape.of(-1, -1)),
                new TensorSpec("O", DataType.FP32, Shape.of(-1, -1)));
    }

    private String error(String text) {
        String message =
                assertThrows(ConfigException.class, () -> complete(text)).getMessage();
        return message.substring("config.pbtxt of model m: ".length());
    }

    @Test
    void nothingSaidIsNothing() throws Exception {
        EffectiveConfig config = complete("max_batch_size: 8");
        assertEquals(ModelOptions.NONE, config.metadata().options());
        assertEquals(List.of(), config.source().instanceGroups());
        assertEquals(List.of(), config.source().steps());
    }

    @Test
    void schedulingIsRead() throws Exception {
        String text = "max_batch_size: 8 dynamic_batching { preferred_batch_size: [ 8, 4 ] "
                + "max_queue_delay_microseconds: 100 preserve_ordering: true priority_levels: 3 "
                + "default_priority_level: 2 default_queue_policy { max_queue_size: 9 } priority_queue_policy { key: 1 "
                + "value { timeout_action: DELAY default_timeout_microseconds: 7 allow_timeout_override: true } } }";
        assertEquals(
                new Scheduling(
                        true,
                        List.of(4, 8),
                        100,
                        true,
                        3,
                        2,
                        new QueuePolicy(TimeoutAction.REJECT, 0, false, 9),
                        Map.of(1, new QueuePolicy(TimeoutAction.DELAY, 7, true, 0))),
                complete(text).metadata().options().scheduling());
    }

    @Test
    void modelWithoutBatchesIsNotBatched() throws Exception {
        assertTrue(!complete("max_batch_size: 0 dynamic_batching { }")
                .metadata()
                .options()
                .scheduling()
                .batching());
        assertTrue(complete("dynamic_batching { }")
                .metadata()
                .options()
                .scheduling()
                .batching());
        assertEquals(
                Long.MAX_VALUE,
                complete("max_batch_size: 2 dynamic_batching { max_queue_delay_microseconds: 18446744073709551615 }")
                        .metadata()
                        .options()
                        .scheduling()
                        .maxQueueDelayMicros());
    }

    @Test
    void instanceGroupsAreReadAndShown() throws Exception {
        EffectiveConfig config = complete("max_batch_size: 1 instance_group [ { count: 3 kind: KIND_CPU }, "
                + "{ name: \"g\" kind: KIND_GPU gpus: [ 0, 1 ] profile: [ \"2\" ] } ]");
        assertEquals(
                List.of(
                        new InstanceGroup(InstanceGroup.Kind.CPU, 3, List.of(), List.of()),
                        new InstanceGroup(InstanceGroup.Kind.GPU, 1, List.of(0, 1), List.of("2"))),
                config.source().instanceGroups());
        String json = config.metadata().config();
        assertTrue(json.contains("{\"name\":\"m_0\",\"kind\":\"KIND_CPU\",\"count\":3"), json);
        assertTrue(json.contains("{\"name\":\"g\",\"kind\":\"KIND_GPU\",\"count\":1,\"gpus\":[0,1]"), json);
    }

    @Test
    void optionalCacheAndTagsAreRead() throws Exception {
        ModelOptions options = complete("input { name: \"I\" optional: true } response_cache { enable: true } "
                        + "metric_tags { key: \"team\" value: \"a\" }")
                .metadata()
                .options();
        assertEquals(Set.of("I"), options.optionalInputs());
        assertTrue(options.responseCache());
        assertEquals(Map.of("team", "a"), options.metricTags());
    }

    @Test
    void reshapeKeepsRequestsAndModelApart() throws Exception {
        EffectiveConfig config = complete(
                "max_batch_size: 8 input { name: \"I\" dims: [ 2, 2 ] reshape { shape: 4 } } "
                        + "output { name: \"O\" dims: 1 reshape { } }",
                new TensorSpec("I", DataType.FP32, Shape.of(-1, 4)),
                new TensorSpec("O", DataType.FP32, Shape.of(-1)));
        assertEquals(Shape.of(-1, 2, 2), config.metadata().inputs().get(0).shape());
        assertEquals(Shape.of(-1, 4), config.source().inputs().get(0).shape());
        assertEquals(Map.of("I", Shape.of(-1, 4)), config.metadata().options().reshapedInputs());
        assertEquals(Shape.of(-1, 1), config.metadata().outputs().get(0).shape());
        assertEquals(Map.of("O", Shape.of(-1)), config.metadata().options().reshapedOutputs());
        assertTrue(
                config.metadata().config().contains("\"dims\":[2,2],\"reshape\":{\"shape\":[4]}"),
                config.metadata().config());
    }

    @Test
    void reshapeIsPartOfWhatTellsTheBatch() throws Exception {
        EffectiveConfig config = complete(
                "input { name: \"I\" dims: 4 reshape { shape: [ 2, 2 ] } }",
                new TensorSpec("I", DataType.FP32, Shape.of(-1, 2, 2)),
                new TensorSpec("O", DataType.FP32, Shape.of(-1)));
        assertEquals(4, config.metadata().maxBatchSize());
        assertEquals(Shape.of(-1, 4), config.metadata().inputs().get(0).shape());
    }

    @Test
    void labelsAreReadFromTheModelsFolder() throws Exception {
        Files.writeString(directory.resolve("names.txt"), "cat\ndog\n\nbird");
        assertEquals(
                Map.of("O", List.of("cat", "dog", "", "bird")),
                complete("output { name: \"O\" label_filename: \"names.txt\" }")
                        .metadata()
                        .options()
                        .labels());
    }

    @Test
    void labelsOutsideOfTheModelAreRefused() throws Exception {
        Path outside = Files.createTempFile("labels", ".txt");
        Files.createSymbolicLink(directory.resolve("link"), outside);
        for (String name : List.of("../x", "/etc/hostname", "link")) {
            assertEquals(
                    "field label_filename of output \"O\" is \"" + name + "\", which is outside of the model's folder.",
                    error("output { name: \"O\" label_filename: \"" + name + "\" }"));
        }
        Files.delete(outside);
        assertEquals(
                "field label_filename of output \"O\" is \"no\", which cannot be read: it does not exist.",
                error("output { name: \"O\" label_filename: \"no\" }"));
    }

    @Test
    void ensembleIsRead() throws Exception {
        DeclaredConfig config = read(ENSEMBLE + "ensemble_scheduling { step [ { model_name: \"a\" model_version: -1 "
                + "input_map { key: \"x\" value: \"I\" } output_map { key: \"y\" value: \"t\" } }, "
                + "{ model_name: \"b\" model_version: 2 input_map { key: \"x\" value: \"t\" } "
                + "output_map { key: \"y\" value: \"O\" } } ] }");
        ModelSource source = config.source("m", 1, directory);
        assertEquals("ensemble", source.platform());
        assertEquals(
                List.of(
                        new EnsembleStep("a", -1, Map.of("x", "I"), Map.of("y", "t")),
                        new EnsembleStep("b", 2, Map.of("x", "t"), Map.of("y", "O"))),
                source.steps());
        assertEquals(Shape.of(-1, 2), source.inputs().get(0).shape());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "max_batch_size: 4 dynamic_batching { preferred_batch_size: 5 } | `field "
                        + "dynamic_batching.preferred_batch_size names 5, but a batch has 1 to max_batch_size 4 rows.`",
                "dynamic_batching { preferred_batch_size: 5 } | `field dynamic_batching.preferred_batch_size names 5, "
                        + "but max_batch_size is 4, from the model.`",
                "dynamic_batching { preferred_batch_size: 0 } | `field dynamic_batching.preferred_batch_size names 0, "
                        + "but a batch has 1 to max_batch_size rows.`",
                "dynamic_batching { priority_levels: 2 } | `field dynamic_batching.default_priority_level is 0, but must "
                        + "be 1 to 2.`",
                "dynamic_batching { priority_levels: 2 default_priority_level: 3 } | `field "
                        + "dynamic_batching.default_priority_level is 3, but must be 1 to 2.`",
                "dynamic_batching { default_priority_level: 1 } | `field dynamic_batching.default_priority_level is 1, "
                        + "but must be 0 without priority_levels.`",
                "dynamic_batching { priority_queue_policy { key: 1 value { } } } | `field "
                        + "dynamic_batching.priority_queue_policy has the level 1, but priority_levels is 0.`",
                "instance_group { count: -1 } | `field instance_group.count is -1, but must be 1 to 1024, or 0 for the "
                        + "default of 1.`",
                "instance_group { kind: KIND_CPU gpus: 0 } | `field instance_group.gpus names devices, but the kind is "
                        + "KIND_CPU.`",
                "input { name: \"I\" dims: [ 2, -1, 3 ] reshape { shape: [ 2, 3, -1 ] } } | `field reshape of input "
                        + "\"I\" is [2, 3, -1], which does not hold the same elements as dims [2, -1, 3].`",
                "input { name: \"I\" reshape { shape: 1 } } | `input \"I\" has a reshape but no dims.`",
                "platform: \"ensemble\" | `field platform is \"ensemble\", but there is no field ensemble_scheduling.`",
                "ensemble_scheduling { } | `field ensemble_scheduling.step is missing; an ensemble has at least one "
                        + "step.`",
            })
    void wrongValuesAreExplained(String text, String expected) {
        assertEquals(expected, error(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a | I | O | platform: \"tensorflow_graphdef\" | `field platform is \"tensorflow_graphdef\", but there "
                        + "is a field ensemble_scheduling.`",
                "a | X | O | `` | `field ensemble_scheduling.step.input_map takes tensor \"X\" for model a, which is no "
                        + "input of the ensemble and which no step makes.`",
                "a | I | X | `` | `field ensemble_scheduling.step.output_map makes no tensor \"O\", which is an output "
                        + "of the ensemble.`",
                "a | I | I | `` | `field ensemble_scheduling.step.output_map makes tensor \"I\" twice; each tensor comes "
                        + "from one step or the request.`",
                "m | I | O | `` | `field ensemble_scheduling.step.model_name names the ensemble itself.`",
                "../a | I | O | `` | `field ensemble_scheduling.step.model_name is \"../a\", which is no name.`",
                "a | I | O | instance_group { } | `field instance_group cannot be set for an ensemble: its models have "
                        + "instances of their own.`",
            })
    void wrongStepsAreExplained(String model, String input, String output, String more, String expected) {
        assertEquals(
                expected,
                error(ENSEMBLE + more + " ensemble_scheduling { step { model_name: \"" + model
                        + "\" input_map { key: \"x\" value: \"" + input + "\" } output_map { key: \"y\" value: \""
                        + output + "\" } } }"));
    }
}
