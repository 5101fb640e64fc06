package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.TextFormat;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonReaderTest {
    private static ModelConfig text(String text) throws Exception {
        ModelConfig.Builder config = ModelConfig.newBuilder();
        TextFormat.getParser().merge(text, config);
        return config.build();
    }

    @Test
    void whatIsShownCanBeGivenBack() throws Exception {
        ModelConfig config = text(
                "name: \"m\" max_batch_size: 8 input { name: \"A\" data_type: TYPE_FP32 dims: [ -1, 2 ] "
                        + "reshape { shape: [ 4 ] } } dynamic_batching { preferred_batch_size: [ 2, 4 ] "
                        + "max_queue_delay_microseconds: 18446744073709551615 priority_queue_policy { key: 3 value { "
                        + "timeout_action: DELAY } } } parameters { key: \"K\" value { string_value: \"v\" } } "
                        + "version_policy { specific { versions: [ 1, 9007199254740993 ] } } optimization { cuda { graphs: true } } "
                        + "model_metrics { metric_control { histogram_options { buckets: [ 0.1, 1e9 ] } } } "
                        + "model_warmup { name: \"w\" batch_size: 4294967295 inputs { key: \"A\" value { zero_data: true } } }");
        assertEquals(config, ConfigJsonReader.read("m", ConfigJson.write(config)));
    }

    @Test
    void numbersMayBeTextAndNamesMayHaveHumps() throws Exception {
        assertEquals(
                text("max_batch_size: 16 input { name: \"A\" dims: [ 3, 4 ] data_type: TYPE_INT8 optional: true }"),
                ConfigJsonReader.read(
                        "m",
                        "{\"maxBatchSize\":\"16\",\"input\":[{\"name\":\"A\",\"dims\":[\"3\",4.0],\"dataType\":6,"
                                + "\"optional\":\"true\"}],\"platform\":null}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | ` must be an object.`",
                "{\"max_batch_size\":\"x\"} | `: field max_batch_size is \"x\", which is no number that it can be.`",
                "{\"max_batch_size\":2147483648} | `: field max_batch_size is 2147483648, which is no number that it can "
                        + "be.`",
                "{\"max_batch_size\":1.5} | `: field max_batch_size is 1.5, which is no number that it can be.`",
                "{\"max_batch_size\":1e999999999} | `: field max_batch_size is 1e999999999, which is no number that it "
                        + "can be.`",
                "{\"max_batch_size\":[1]} | `: field max_batch_size must be a single value.`",
                "{\"nonsense\":1} | `: field nonsense is unknown.`",
                "{\"input\":{}} | `: field input must be a list.`",
                "{\"input\":[{\"dimms\":1}]} | `: field input.dimms is unknown.`",
                "{\"input\":[{\"data_type\":\"TYPE_X\"}]} | `: field input.data_type is \"TYPE_X\", which is none of its "
                        + "values.`",
                "{\"name\":1} | `: field name must be text.`",
                "{\"dynamic_batching\":{},\"sequence_batching\":{}} | `: field sequence_batching stands beside another "
                        + "field of which only one may be set.`",
                "{} {} | ` has more after the end of its object.`",
                "{\"input\":[{ | ` is not valid JSON: Unexpected end-of-input: expected close marker for Object.`",
            })
    void mistakesNameTheField(String json, String expected) {
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigJsonReader.read("m", json));
        assertEquals("the given configuration of model m" + expected, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"``", "nonsense", "{\"a\"", "{\"a\":1,\"a\":2}"})
    void whatIsNoJsonIsAConfigException(String json) {
        assertThrows(ConfigException.class, () -> ConfigJsonReader.read("m", json));
    }

    @Test
    void deepNestingIsRefused() {
        assertThrows(ConfigException.class, () -> ConfigJsonReader.read("m", "{\"a\":".repeat(100_000)));
        assertThrows(ConfigException.class, () -> ConfigJsonReader.read("m", "{\"input\":[" + "[".repeat(100_000)));
    }
}
