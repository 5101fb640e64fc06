package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.Scheduling;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        ModelOptions labels = new ModelOptions(
                Scheduling.PLAIN,
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of("OUTPUT0", List.of("cat", "", "dog")),
                false,
                Map.of());
        FakeModel plain = FakeModel.identity("labelled", DataType.FP32, Shape.of(-1, -1));
        ModelMetadata m = plain.metadata();
        List<TensorSpec> in = m.inputs();
        server.models.add(new FakeModel(
                new ModelMetadata("labelled", 1, m.platform(), 8, in, m.outputs(), m.config(), labels),
                plain.wiring(),
                plain.computation()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingStaysOpen() throws InterruptedException {
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
    }

    private static String request(String type, String shape, String data, String parameters) {
        return "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"" + type + "\",\"shape\":[" + shape + "],\"data\":["
                + data + "]}],\"outputs\":[{\"name\":\"OUTPUT0\",\"parameters\":{" + parameters + "}}]}";
    }

    private static String outputs(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body().substring(answer.body().indexOf("\"outputs\""));
    }

    @Test
    void eachRowOfABatchHasItsLargestWithTheirLabels() {
        assertEquals(
                "\"outputs\":[{\"name\":\"OUTPUT0\",\"datatype\":\"BYTES\",\"shape\":[2,2],"
                        + "\"data\":[\"0.5:2:dog\",\"0.25:1\",\"2.0:3\",\"1.0:0:cat\"]}]}",
                outputs(server.infer(
                        "labelled", request("FP32", "2,4", "-1,0.25,0.5,-2,1,-1,0.5,2", "\"classification\":2"))));
    }

    @Test
    void binaryFormIsLengthAndText() {
        String json = request("FP32", "1,1", "7.5", "\"classification\":5,\"binary_data\":true");
        HttpResponse<byte[]> answer =
                server.sendBytes(server.binary("labelled", json, new byte[0]).build());
        assertEquals(200, answer.statusCode());
        int head = Integer.parseInt(
                answer.headers().firstValue(InferOperation.HEADER_LENGTH).orElseThrow());
        ByteBuffer tail = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(9, tail.getInt(head));
        assertEquals("7.5:0:cat", new String(answer.body(), head + 4, 9, StandardCharsets.UTF_8));
        assertEquals(head + 13, answer.body().length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|false,true,false|1:1,0:0",
                "INT8|-1,127,-128|127:1,-1:0",
                "UINT8|1,255,128|255:1,128:2",
                "INT16|-1,300,7|300:1,7:2",
                "UINT16|65535,300,7|65535:0,300:1",
                "INT32|5,5,4|5:0,5:1",
                "UINT32|4294967295,1,2|4294967295:0,2:2",
                "INT64|9223372036854775806,9223372036854775807,0|9223372036854775807:1,9223372036854775806:0",
                "UINT64|1,18446744073709551615,9223372036854775808|18446744073709551615:1,9223372036854775808:2",
                "FP16|0.5,-1,1|1.0:2,0.5:0",
                "BF16|0.5,-1,1|1.0:2,0.5:0",
                "FP32|NaN,-Infinity,1e-8|1.0E-8:2,-Infinity:1",
                "FP64|Infinity,0.1,NaN|Infinity:0,0.1:1",
            })
    void everyNumericDatatype(String type, String data, String expected) {
        String answer = outputs(server.infer("identity_" + type, request(type, "3", data, "\"classification\":2")));
        assertTrue(answer.contains("\"shape\":[2],\"data\":[\"" + expected.replace(",", "\",\"") + "\"]"), answer);
    }

    @Test
    void moreClassesThanElementsAreAllOfThem() {
        String answer = outputs(
                server.infer("identity_INT32", request("INT32", "2", "1,2", "\"classification\":99999999999999")));
        assertTrue(answer.contains("\"shape\":[2],\"data\":[\"2:1\",\"1:0\"]"), answer);
        answer = outputs(server.infer("identity_INT32", request("INT32", "0", "", "\"classification\":1")));
        assertTrue(answer.contains("\"shape\":[0],\"data\":[]"), answer);
    }

    @Test
    void outputsOfTextAreRefused() {
        HttpResponse<String> answer =
                server.infer("identity_BYTES", request("BYTES", "1", "\"a\"", "\"classification\":1"));
        assertEquals(400, answer.statusCode());
        assertTrue(
                answer.body()
                        .contains("output 'OUTPUT0' of model 'identity_BYTES' has datatype BYTES, which cannot be "
                                + "classified"),
                answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"1\"", "true", "null", "[1]", "1e400", "99999999999999999999"})
    void countsThatAreNone(String count) {
        HttpResponse<String> answer =
                server.infer("identity_INT32", request("INT32", "1", "1", "\"classification\":" + count));
        assertEquals(400, answer.statusCode(), answer.body());
    }

    @Test
    void tooManyClassesAreRefused() {
        String zeros = "0,".repeat(100_000) + "0";
        HttpResponse<String> answer =
                server.infer("identity_INT8", request("INT8", "100001", zeros, "\"classification\":100001"));
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("at most 100000 classes"), answer.body());
    }
}
