package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Right configurations with random damage, as text and as JSON: what they are read as is a configuration or a
 * {@link ConfigException}, soon. Runs a second for each; longer with {@code -Dopgraft.fuzz.seconds=N}, from another start
 * with {@code -Dopgraft.fuzz.seed=N}.
 */
class ConfigFuzzTest {
    private static final long SECONDS = Long.getLong("opgraft.fuzz.seconds", 1);
    private static final long SEED = Long.getLong("opgraft.fuzz.seed", 20_240_229);
    private static final int ROUNDS = 200;
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String TEXT =
            """
            name: "m"  # a comment
            platform: "tensorflow_savedmodel"
            max_batch_size: 8
            input [ { name: "A" data_type: TYPE_FP32 dims: [ 4, 4 ] reshape { shape: [ 16 ] } optional: true },
                    { name: 'B' data_type: TYPE_STRING dims: 1 } ]
            output { name: "C" data_type: TYPE_INT64 dims: [ 4 ] label_filename: "labels.txt" }
            instance_group [ { count: 2 kind: KIND_CPU name: "g" } ]
            version_policy { specific { versions: [ 1, 3 ] } }
            dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 100
              priority_levels: 2 default_priority_level: 1
              default_queue_policy { timeout_action: REJECT default_timeout_microseconds: 1000 max_queue_size: 9 }
              priority_queue_policy { key: 1 value { max_queue_size: 3 } } }
            model_warmup [ { name: "w" batch_size: 1 inputs { key: "A" value { data_type: TYPE_FP32 dims: 16
              zero_data: true } } } ]
            parameters { key: "k" value { string_value: "v\\n\\x41\\101" } }
            model_operations { op_library_filename: "io.acme.addsub;version='[1.0,2.0)'" }
            metric_tags { key: "t" value: "u" }
            response_cache { enable: true }
            """;

    private static final String ENSEMBLE =
            """
            platform: "ensemble"
            input { name: "a" data_type: TYPE_FP32 dims: 1 }
            output { name: "d" data_type: TYPE_FP32 dims: 1 }
            ensemble_scheduling { step [ { model_name: "x" model_version: -1 input_map { key: "b" value: "a" }
              output_map { key: "c" value: "d" } } ] }
            """;

    private static final String JSON = "{\"name\":\"m\",\"max_batch_size\":\"16\",\"input\":[{\"name\":\"A\","
            + "\"data_type\":\"TYPE_FP32\",\"dims\":[-1,\"16\"]}],\"versionPolicy\":{\"latest\":{\"num_versions\":2}},"
            + "\"parameters\":{\"k\":{\"string_value\":\"v\"}},\"dynamic_batching\":{\"preferred_batch_size\":[4],\"priority_levels\":2,\"default_priority_level\":1,"
            + "\"priority_queue_policy\":{\"1\":{\"max_queue_size\":3}}},\"instance_group\":[{\"kind\":\"KIND_CPU\","
            + "\"count\":1}],\"optimization\":null,\"model_operations\":{\"op_library_filename\":[\"io.acme.addsub;version='[1.0,2.0)'\"]}}";

    private static final List<String> WORDS = List.of(
            "{",
            "}",
            "[",
            "]",
            "<",
            ">",
            ":",
            ",",
            ";",
            "\"",
            "'",
            "#",
            "\n",
            "\\",
            "\\x",
            "\\u12",
            "\\777",
            "\0",
            "\ufeff",
            "é",
            "-",
            "- 1",
            "0x7fffffffffffffff",
            "9223372036854775808",
            "18446744073709551616",
            "1e999999999",
            "1e-999999999",
            "nan",
            "-inf",
            "077777",
            "1.5f",
            "true",
            "null",
            "input",
            "input {",
            "dims: [",
            "TYPE_BF16",
            "TYPE_INVALID",
            "[type.googleapis.com/inference.ModelConfig] {",
            "[a.b.c]: 1",
            "sequence_batching {",
            "name: \"../x\"",
            "label_filename: \"../../../../etc/passwd\"",
            "default_model_filename: \"/etc/passwd\"",
            "model_name: \"m\"",
            "count: 2147483647",
            "dims: 9223372036854775807",
            "op_library_filename: \"a;version='['\"",
            "\"input\":",
            "\"dims\":[",
            "\"max_batch_size\":1e400",
            "version_policy { all { } }");

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);

    private String damage(String right) {
        StringBuilder text = new StringBuilder(right);
        for (int times = random.nextInt(5); times > 0 && !text.isEmpty(); times--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            String word = WORDS.get(random.nextInt(WORDS.size()));
            switch (random.nextInt(7)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(128));
                case 1 -> text.setLength(at);
                case 2 -> text.insert(at, word);
                case 3 -> text.replace(at, end, word);
                case 4 -> text.delete(at, end);
                case 5 -> text.insert(at, word.repeat(1 + random.nextInt(2000)));
                default -> text.insert(at, text.substring(random.nextInt(text.length())));
            }
        }
        return text.toString();
    }

    private interface Reading {
        DeclaredConfig read(String text) throws Exception;
    }

    private void fuzz(String right, Reading reading) throws Exception {
        int read = 0;
        int refused = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (read + refused < ROUNDS || System.nanoTime() < end) {
            String damaged = damage(right);
            String what = "seed " + SEED + ", round " + (read + refused) + ": " + damaged;
            long begin = System.nanoTime();
            try {
                reading.read(damaged).warnings().forEach(w -> assertFalse(w.isEmpty(), what));
                read++;
            } catch (ConfigException e) {
                assertFalse(e.reason().toString().isEmpty(), what);
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what, e);
            }
            assertTrue(System.nanoTime() - begin < SLOW_NANOS, "slow, " + what);
        }
        assertTrue(read > 0 && refused > 10, "the rounds must reach both ends: " + read + " and " + refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {TEXT, ENSEMBLE})
    void text(String right) throws Exception {
        Path file = folder.resolve("config.pbtxt");
        fuzz(right, text -> {
            Files.writeString(file, text, StandardCharsets.UTF_8);
            return ConfigReader.read("m", file);
        });
    }

    @Test
    void json() throws Exception {
        Path file = folder.resolve("config.pbtxt");
        fuzz(JSON, text -> ConfigReader.override("m", file, text));
    }

    /** Nesting without end, in every bracket that there is. */
    @Test
    void depth() {
        Path file = folder.resolve("config.pbtxt");
        for (String open :
                List.of("{", "[", "input {", "input [ {", "parameters { value {", "<", "a: {", "[x.y/z] {")) {
            ConfigException e = assertThrows(ConfigException.class, () -> {
                Files.writeString(file, open.repeat(50_000));
                ConfigReader.read("m", file);
            });
            assertFalse(e.reason().toString().length() > 10_000, "the message is as long as the text");
        }
    }
}
