package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.internal.fake.FakeTensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and expected answers in warm-up folders. */
@Timeout(60)
class WarmupTest {
    private static final String REQUEST =
            "{\"inputs\":[{\"name\":\"IN\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[%s]}]}";
    private static final String ANSWER =
            "{\"outputs\":[{\"name\":\"OUT\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[%s]%s}]}";

    @TempDir
    Path directory;

    private Server server;

    /** Instances add the minor version of their library to each element. */
    @BeforeEach
    void start() throws Exception {
        server = new Server(directory).model("m", 1, "AddSub");
        server.backend.signature = new Signature(
                List.of(new TensorSpec("IN", DataType.FP32, Shape.of(-1))),
                List.of(new TensorSpec("OUT", DataType.FP32, Shape.of(-1))));
        server.backend.answers = labels -> {
            String label = labels.iterator().next();
            float add = Float.parseFloat(label.substring(label.indexOf('.') + 1, label.lastIndexOf('.')));
            return (inputs, output) -> {
                Tensor in = inputs.get("IN");
                FakeTensor out =
                        new FakeTensor(DataType.FP32, in.shape(), in.buffer().remaining());
                ByteBuffer from = in.buffer();
                ByteBuffer to = out.buffer();
                while (from.hasRemaining()) {
                    float value = from.getFloat();
                    if (value < 0) {
                        out.close();
                        throw new InferenceException("negative input", true);
                    }
                    to.putFloat(value + add);
                }
                return out;
            };
        };
        FakeTensor.OPEN.set(0);
    }

    private Path file(String name, String text) throws Exception {
        Path path = server.repository.toRealPath().resolve("m").resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private VersionStatus served(String version) throws Exception {
        if (server.models == null) {
            server.start(ControlMode.NONE);
        }
        server.deploy(7, "acme", version, "AddSub");
        assertEquals(0, FakeTensor.OPEN.get());
        return server.version("m", 1);
    }

    private void refused(String version, String message) throws Exception {
        VersionStatus status = served(version);
        assertEquals(Kind.WARMUP_FAILED, status.explanation().reasons().get(0).kind());
        assertEquals(
                "Model m version 1 does not pass its warm-up. " + message,
                status.explanation().reasons().get(0).message());
        assertEquals(State.FAILED, status.state());
        assertEquals(0, server.backend.open());
    }

    @Test
    void wrongAnswerKeepsTheOldInstanceAndSaysWhatIsWrong() throws Exception {
        Path request = file("warmup/one.json", REQUEST.formatted("1, 2.5"));
        file("warmup/one.expected.json", ANSWER.formatted("1.0000001, 2.5", ""));
        assertEquals(State.READY, served("1.0.0").state());

        VersionStatus status = served("1.3.0");
        assertEquals(State.READY, status.state());
        assertEquals("AddSub=acme/1.0.0", server.wiring("m"));
        assertEquals(
                "Model m version 1 does not pass its warm-up. The answer to warm-up request " + request
                        + " is wrong: output OUT element 0 is 4.0 instead of 1.0000001 (rtol 1.0E-5, atol 0.0).",
                status.explanation().reasons().get(0).message());
        assertEquals(1, server.backend.open());

        assertEquals("AddSub=acme/1.0.0", served("1.0.0").wiring().toString());
        assertTrue(server.version("m", 1).explanation().isEmpty());
        assertEquals(1, server.models.changes().history("m").size());
    }

    @Test
    void tolerancesAndNotANumberAndFoldersOfVersions() throws Exception {
        file("1/warmup/one.json", REQUEST.formatted("1, NaN"));
        file("1/warmup/one.expected.json", ANSWER.formatted("[1.5], \"NaN\"", ",\"parameters\":{\"atol\":0.5}"));
        file("warmup/two.json", REQUEST.formatted("[[0], [Infinity]]"));
        file("warmup/raw-data", "not looked at");
        assertEquals(State.READY, served("1.0.0").state());
        assertEquals(State.READY, served("1.1.0").state());
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
        served("1.2.0");
        assertEquals("AddSub=acme/1.1.0", server.wiring("m"));
    }

    @Test
    void failedRequestIsAFailure() throws Exception {
        Path request = file("warmup/one.json", REQUEST.formatted("1, -1"));
        refused("1.0.0", "Warm-up request " + request + " fails: negative input.");
        Files.delete(request);
        assertEquals(State.READY, served("1.0.0").state());
    }

    @Test
    void malformedFilesAreErrors() throws Exception {
        Path request = file("warmup/one.json", REQUEST.formatted("1"));
        String head = "Warm-up file " + request + " ";
        refused("1.0.0", head + "is wrong at \"IN\": it has 1 elements in \"data\", but shape [2] needs 2.");
        file("warmup/one.json", REQUEST.formatted("1, \"x\""));
        refused("1.0.0", head + "is wrong at \"IN\": it has \"x\" where FP32 needs a number.");
        file("warmup/one.json", REQUEST.formatted("1, 2").replace("FP32", "FP33"));
        refused("1.0.0", head + "is wrong at \"IN\": it has the unknown datatype \"FP33\".");
        file("warmup/one.json", REQUEST.formatted("1, 2").replace("FP32", "INT32"));
        refused("1.0.0", head + "gives input \"IN\" as INT32, but the model takes FP32.");
        file("warmup/one.json", REQUEST.formatted("1, 2").replace("[2]", "[2,1]"));
        refused("1.0.0", head + "gives input \"IN\" the shape [2,1], but the model takes [-1].");
        file("warmup/one.json", REQUEST.formatted("1, 2").replace("IN", "INN"));
        refused("1.0.0", head + "names the input \"INN\", which the model does not have.");
        file("warmup/one.json", "[]");
        refused("1.0.0", head + "holds no JSON object.");
        file("warmup/one.json", "{\"inputs\":[]}");
        refused("1.0.0", head + "has no list \"inputs\".");
        file("warmup/one.json", "");
        refused("1.0.0", head + "is empty.");
        file("warmup/one.json", REQUEST.formatted("1, 2"));
        Path answer =
                file("warmup/one.expected.json", ANSWER.formatted("1, 2", "").replace("OUT", "SUM"));
        refused("1.0.0", "Warm-up file " + answer + " names the output \"SUM\", which the model does not have.");
        file("warmup/one.expected.json", ANSWER.formatted("1, 2", ",\"parameters\":{\"rtol\":-1}"));
        refused("1.0.0", "Warm-up file " + answer + " has the rtol -1, but a number of at least 0 is needed.");
        Path orphan = file("warmup/two.expected.json", ANSWER.formatted("1, 2", ""));
        refused("1.0.0", "Warm-up file " + orphan + " has no request two.json beside it.");
        Files.delete(orphan);
        Files.delete(answer);
        assertEquals(State.READY, served("1.0.0").state());
    }

    @Test
    void bytesAndWholeNumbersMustBeEqual() throws Exception {
        server.backend.signature = new Signature(
                List.of(new TensorSpec("IN", DataType.BYTES, Shape.of(-1))),
                List.of(
                        new TensorSpec("OUT", DataType.BYTES, Shape.of(-1)),
                        new TensorSpec("N", DataType.UINT64, null)));
        server.backend.answers = labels -> (inputs, output) -> {
            FakeTensor tensor;
            if (output.equals("N")) {
                tensor = new FakeTensor(DataType.UINT64, Shape.of(), 8);
                tensor.buffer().putLong(-1);
            } else {
                byte[] text = "grün".getBytes(StandardCharsets.UTF_8);
                tensor = new FakeTensor(DataType.BYTES, Shape.of(1), 4 + text.length);
                tensor.buffer().putInt(text.length).put(text);
            }
            return tensor;
        };
        Path request = file("warmup/one.json", REQUEST.formatted("\"a\", \"\"").replace("FP32", "BYTES"));
        String answer = "{\"outputs\":[{\"name\":\"N\",\"datatype\":\"UINT64\",\"shape\":[],\"data\":[%s]},"
                + "{\"name\":\"OUT\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]}]}";
        String head = "The answer to warm-up request " + request + " is wrong: output ";
        file("warmup/one.expected.json", answer.formatted("18446744073709551614", "grün"));
        refused("1.0.0", head + "N element 0 is 18446744073709551615 instead of 18446744073709551614.");
        file("warmup/one.expected.json", answer.formatted("18446744073709551615", "blau"));
        refused("1.0.0", head + "OUT element 0 is \"grün\" instead of \"blau\".");
        file("warmup/one.expected.json", answer.formatted("18446744073709551615", "grün"));
        assertEquals(State.READY, served("1.0.0").state());
    }

    @Test
    void endlessRunIsGivenUpAndItsModelIsClosedWhenItEnds() throws Exception {
        server.limits = new Limits(50, 0, 0);
        CountDownLatch end = new CountDownLatch(1);
        server.backend.answers = labels -> (inputs, output) -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new FakeTensor(DataType.FP32, Shape.of(2), 8);
        };
        Path request = file("warmup/one.json", REQUEST.formatted("1, 2"));
        server.start(ControlMode.NONE);
        server.deploy(7, "acme", "1.0.0", "AddSub");
        assertEquals(
                "Model m version 1 does not pass its warm-up. The warm-up requests of "
                        + request.getParent().resolveSibling("1") + " are not answered within 50 ms.",
                server.version("m", 1).explanation().reasons().get(0).message());
        assertEquals(1, server.backend.open());
        end.countDown();
        while (server.backend.open() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void configuredSamplesRunBeforeTheInstanceServes() throws Exception {
        Files.createDirectories(server.repository.resolve("m/warmup"));
        Files.write(server.repository.resolve("m/warmup/raw"), new byte[] {0, 0, 0x40, 0x3f, 0, 0, 0, 0});
        server.config(
                "m",
                "max_batch_size: 0 model_warmup [ { name: \"z\" batch_size: 1 count: 2 inputs { key: \"IN\" value { data_type: TYPE_FP32 "
                        + "dims: 2 zero_data: true } } }, { name: \"r\" batch_size: 1 inputs { key: \"IN\" value { "
                        + "data_type: TYPE_FP32 dims: 3 random_data: true } } }, { name: \"f\" batch_size: 1 inputs { "
                        + "key: \"IN\" value { data_type: TYPE_FP32 dims: 2 input_data_file: \"raw\" } } }, "
                        + "{ name: \"none\" } ]");
        assertEquals(State.READY, served("1.2.0").state());
        List<String> seen = server.backend.loaded.get(0).runs();
        assertEquals(List.of("[0.0, 0.0]", "[0.0, 0.0]"), seen.subList(0, 2));
        assertTrue(seen.get(2).matches("\\[0\\.\\d+, 0\\.\\d+, 0\\.\\d+]"), seen.get(2));
        assertEquals(List.of("[0.75, 0.0]"), seen.subList(3, seen.size()));
        assertEquals(0, FakeTensor.OPEN.get());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TYPE_FP32 dims: 2 input_data_file: \"../config.pbtxt\" | which is outside of",
                "TYPE_FP32 dims: 2 input_data_file: \"none\" | which cannot be read: it does not exist.",
                "TYPE_FP32 dims: 2 input_data_file: \"short\" | which has 4 bytes instead of 8.",
                "TYPE_INT32 dims: 2 zero_data: true | gives input \"IN\" as TYPE_INT32, but the model takes TYPE_FP32.",
                "TYPE_FP32 dims: [ 2, 2 ] zero_data: true | the shape [2,2], but the model takes [-1].",
                "TYPE_FP32 dims: -1 zero_data: true | leaves a dimension of input \"IN\" open: [-1].",
            })
    void wrongSampleIsExplained(String input, String expected) throws Exception {
        Files.createDirectories(server.repository.resolve("m/warmup"));
        Files.write(server.repository.resolve("m/warmup/short"), new byte[4]);
        server.config(
                "m",
                "max_batch_size: 0 model_warmup { name: \"w\" batch_size: 1 inputs { key: \"IN\" value { data_type: "
                        + input + " } } }");
        VersionStatus status = served("1.2.0");
        assertEquals(State.FAILED, status.state());
        assertTrue(
                status.explanation().toString().contains(expected),
                status.explanation().toString());
        assertEquals(0, FakeTensor.OPEN.get());
        assertEquals(0, server.backend.open());
    }

    @Test
    void requestsAndAnswersOfReshapedTensorsAreConverted() throws Exception {
        server.config(
                "m",
                "input { name: \"IN\" dims: [ 1, -1 ] reshape { shape: -1 } } "
                        + "output { name: \"OUT\" dims: [ -1, 1 ] reshape { shape: -1 } }");
        file("warmup/a.json", REQUEST.formatted("1,2").replace("[2]", "[1,2]"));
        file("warmup/a.expected.json", ANSWER.formatted("3,4", "").replace("[2]", "[2,1]"));
        VersionStatus status = served("1.2.0");
        assertEquals(State.READY, status.state(), status.explanation().toString());
    }
}
