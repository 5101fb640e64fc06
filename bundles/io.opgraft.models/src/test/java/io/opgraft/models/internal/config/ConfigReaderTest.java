package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Version;

class ConfigReaderTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("config.pbtxt");
    }

    private DeclaredConfig read(String text) throws Exception {
        Files.writeString(file, text);
        return ConfigReader.read("m", file);
    }

    /** The explanation's text for a wrong file, the path left out. */
    private String error(String text) throws Exception {
        ConfigException e = assertThrows(ConfigException.class, () -> read(text));
        String message = e.reason().toString();
        String prefix = "config.pbtxt of model m";
        assertTrue(message.startsWith(prefix), message);
        return message.substring(prefix.length());
    }

    @Test
    void missingFileIsAnEmptyOne() throws Exception {
        DeclaredConfig config = ConfigReader.read("m", file);
        assertEquals(0, config.proto().getInputCount());
        assertTrue(config.pins().isEmpty());
        assertTrue(config.warnings().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "max_batch_sise: 8 | `, line 1, column 1: unknown field \"max_batch_sise\" in ModelConfig. "
                        + "Correct its spelling or remove it.`",
                "input { name: \"A\" dimms: 1 } | `, line 1, column 19: unknown field \"dimms\" in ModelInput. "
                        + "Correct its spelling or remove it.`",
                "version_policy { latest { n: 1 } } | `, line 1, column 27: unknown field \"n\" in "
                        + "ModelVersionPolicy.Latest. Correct its spelling or remove it.`",
                "max_batch_size: \"8\" | `, line 1, column 17, field max_batch_size: Couldn't parse integer: "
                        + "For input string: \"\"8\"\".`",
                "input { data_type: TYPE_FLOAT } | `, line 1, column 20, field data_type: Enum type "
                        + "\"inference.DataType\" has no value named \"TYPE_FLOAT\".`",
                "name \"m\" | `, line 1, column 6, field name: Expected \":\".`",
                "input [ { name: \"A\" } | `, line 1, column 22: Expected \",\".`",
                "name: \"other\" | `: field name is \"other\", but the model's folder is \"m\". "
                        + "Make them equal, or remove the field.`",
                "max_batch_size: -1 | `: field max_batch_size is -1, but must be 0 or more.`",
                "input { data_type: TYPE_FP32 } | `: an input has no name. Add the field name.`",
                "output { name: \"A\" } output { name: \"A\" } | `: output \"A\" is declared twice. Remove one of them.`",
                "input { name: \"A\" dims: [ 0 ] } | `: field dims of input \"A\" has 0, but a dimension is 1 or more, "
                        + "or -1 for any size.`",
                "input { name: \"A\" dims: [ -2 ] } | `: field dims of input \"A\" has -2, but a dimension is 1 or more, "
                        + "or -1 for any size.`",
                "version_policy { specific { versions: 0 } } | `: field version_policy.specific.versions names 0, but "
                        + "versions start at 1.`",
                "input { name: \"A\" allow_ragged_batch: true } | `: field input.allow_ragged_batch cannot be honoured: "
                        + "ragged batches are not supported. Remove it if the model answers rightly without it.`",
                "default_model_filename: \"../2/model\" | `: field default_model_filename is \"../2/model\", which "
                        + "leaves the version folder. Name a file in it.`",
                "sequence_batching { } | `: field sequence_batching cannot be honoured: sequences are not supported. "
                        + "Remove it if the model answers rightly without it.`",
                "model_transaction_policy { decoupled: true } | `: field model_transaction_policy.decoupled cannot be "
                        + "honoured: a request gets exactly one answer. Remove it if the model answers rightly without "
                        + "it.`",
            })
    void wrongTextIsExplainedWithPlaceAndField(String text, String expected) throws Exception {
        assertEquals(expected, error(text));
    }

    @Test
    void placesCountLines() throws Exception {
        assertEquals(
                ", line 3, column 3: unknown field \"dim\" in ModelInput. Correct its spelling or remove it.",
                error("max_batch_size: 8\ninput {\n  dim: 1\n}\n"));
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws Exception {
        Files.write(file, new byte[] {'n', (byte) 0xff, (byte) 0xfe});
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read("m", file));
        assertEquals("config.pbtxt of model m is not UTF-8 text.", e.getMessage());
    }

    @Test
    void hugeFileIsRefusedUnread() throws Exception {
        Files.write(file, new byte[(4 << 20) + 1]);
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read("m", file));
        assertEquals("config.pbtxt of model m is larger than 4194304 bytes.", e.getMessage());
    }

    @Test
    void fieldsForSpeedAreNamedOnce() throws Exception {
        DeclaredConfig config = read("optimization { graph { level: 1 } }\n"
                + "instance_group [ { host_policy: \"a\" }, { host_policy: \"b\" } ]\n"
                + "input [ { name: \"A\" format: FORMAT_NHWC dims: [ 1, 2, 3 ] },"
                + " { name: \"B\" format: FORMAT_NHWC dims: [ 1, 2, 3 ] } ]");
        String subject = "config.pbtxt of model m: field ";
        assertEquals(
                Set.of(
                        subject + "optimization has no effect: the backend chooses by itself.",
                        subject + "instance_group.host_policy has no effect: the operating system places threads.",
                        subject + "input.format has no effect: it describes the order of dimensions and changes "
                                + "nothing."),
                Set.copyOf(config.warnings()));
        assertEquals(3, config.warnings().size());
    }

    @Test
    void refusedFieldsAtTheirDefaultsAreFine() throws Exception {
        assertTrue(read("input { name: \"A\" optional: false is_shape_tensor: false }\n"
                        + "model_transaction_policy { decoupled: false }")
                .warnings()
                .isEmpty());
    }

    @Test
    void everyFieldOfTheSchemaIsInTheTable() {
        assertCovered(ModelConfig.getDescriptor(), "");
    }

    private static void assertCovered(Descriptor message, String prefix) {
        for (FieldDescriptor field : message.getFields()) {
            String path = prefix + field.getName();
            if (FieldSupport.of(path) == null) {
                assertEquals(JavaType.MESSAGE, field.getJavaType(), path + " is not in the table");
                assertCovered(field.getMessageType(), path + ".");
            }
        }
    }

    @Test
    void pinsKeepTheirOrderAndRanges() throws Exception {
        DeclaredConfig config = read("model_operations { op_library_filename: \"b;version='[1.0,2.0)'\" "
                + "op_library_filename: \"a.b-c\" op_library_filename: 'c;version=\"1.5\"' "
                + "op_library_filename: \"d;version=3\" }");
        assertEquals("b", config.pins().get(0).bundle());
        assertTrue(config.pins().get(0).accepts(new Version("1.9.9")));
        assertTrue(!config.pins().get(0).accepts(new Version("2.0.0")));
        assertEquals("a.b-c", config.pins().get(1).bundle());
        assertTrue(config.pins().get(1).accepts(Version.emptyVersion));
        assertTrue(config.pins().get(2).accepts(new Version("7.0.0")));
        assertTrue(!config.pins().get(3).accepts(new Version("2.9.0")));
    }

    @Test
    void pinsOfDigestAndModelVersionAreRead() throws Exception {
        OpPin pin = read("model_operations { op_library_filename: "
                        + "\"a;version='[1.2.0,1.2.0]'; digest=0123456789ab ;model-version='2'\" }")
                .pins()
                .get(0);
        assertTrue(pin.accepts(new Version("1.2.0")));
        assertTrue(!pin.accepts(new Version("1.2.1")));
        assertTrue(pin.acceptsDigest("0123456789abcdef"));
        assertTrue(!pin.acceptsDigest("0123456789aacdef"));
        assertTrue(pin.acceptsDigest(""), "a digest that is not known yet excludes nothing");
        assertTrue(pin.holdsFor(2));
        assertTrue(!pin.holdsFor(1));
        assertTrue(!pin.holdsFor(3));
        OpPin range = OpPin.parse("a;model-version=\"[2,4)\"");
        assertTrue(range.holdsFor(3));
        assertTrue(!range.holdsFor(4));
        assertTrue(!range.holdsFor(99_999_999_999L));
        assertTrue(OpPin.parse("a").holdsFor(99_999_999_999L));
    }

    @ParameterizedTest
    @CsvSource({"libops.so, libops.so", "ops/lib, ops/lib", "./ops//a.jar, ops/a.jar", "plain, plain"})
    void filesOfTheModelAreToldFromBundles(String value, String path) throws Exception {
        Files.createFile(directory.resolve("plain"));
        OpPin pin = read("model_operations { op_library_filename: \"" + value + ";model-version=1\" }")
                .pins()
                .get(0);
        assertTrue(pin.isFile());
        assertEquals(path, pin.file());
        assertTrue(pin.holdsFor(1));
        assertTrue(!pin.holdsFor(2));
        assertTrue(!OpPin.parse("a.b").isFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.so", "/usr/lib/libx.so", "ops/../../x.so"})
    void fileOutsideOfTheModelIsExplained(String value) throws Exception {
        assertEquals(
                ": field model_operations.op_library_filename has \"" + value
                        + "\", which is outside of the model's folder. Copy the library into the model's folder, or "
                        + "deploy it as an op bundle and name that.",
                error("model_operations { op_library_filename: \"" + value + "\" }"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a b | `\"a b\" is no bundle symbolic name`",
                "`` | `\"\" is no bundle symbolic name`",
                "a;version='[1.0' | `\"[1.0\" is no version range`",
                "a;version='[1.0,2.0) | a quotation mark is missing",
                "a;version='[1.0,2.0);digest=1 | a quotation mark is missing",
                "a;vendor=x | `the attribute \"vendor\" is unknown, only version, digest, model-version may follow`",
                "a.so;version=1 | `the attribute \"version\" is unknown for a file, only model-version may follow`",
                "a;version=1;version=2 | `the attribute \"version\" is there twice`",
                "a;1.0 | `\"1.0\" is no attribute, which is a name, \"=\" and a value`",
                "a; | `\"\" is no attribute, which is a name, \"=\" and a value`",
                "a;digest=0123 | `the digest \"0123\" is not made of 12 to 64 characters 0-9 and a-f`",
                "a;digest=0123456789AB | `the digest \"0123456789AB\" is not made of 12 to 64 characters 0-9 and a-f`",
                "a;model-version=0 | "
                        + "`\"0\" is no model version, which is a number such as 2 or a range such as [2,4)`",
                "a;model-version='[2' | "
                        + "`\"[2\" is no model version, which is a number such as 2 or a range such as [2,4)`",
            })
    void malformedPinIsExplained(String value, String why) throws Exception {
        assertEquals(
                ": field model_operations.op_library_filename has \"" + value + "\": " + why
                        + ". Write it as io.acme.addsub or io.acme.addsub;version='[1.0,2.0)'.",
                error("model_operations { op_library_filename: \"" + value + "\" }"));
    }

    @Test
    void bundleMayBePinnedForDifferentModelVersions() throws Exception {
        assertEquals(
                2,
                read("model_operations { op_library_filename: [\"a;model-version=1\", \"a;model-version='[2,9]'\"] }")
                        .pins()
                        .size());
        assertEquals(
                ": field model_operations.op_library_filename names a twice. Keep one of the entries.",
                error(
                        "model_operations { op_library_filename: [\"a;model-version=2\", \"a;model-version='[2,9]'\"] }"));
    }

    @Test
    void bundleThatIsPinnedTwiceIsAnError() throws Exception {
        assertEquals(
                ": field model_operations.op_library_filename names a twice. Keep one of the entries.",
                error("model_operations { op_library_filename: [\"a\", \"a;version='1.0'\"] }"));
    }

    @Test
    void parametersAreRead() throws Exception {
        Files.write(file, "parameters { key: \"K\" value { string_value: \"v\" } }".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "v",
                ConfigReader.read("m", file)
                        .source("m", 1, directory)
                        .parameters()
                        .get("K"));
    }
}
