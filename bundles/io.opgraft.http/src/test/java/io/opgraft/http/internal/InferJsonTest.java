package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferJsonTest {
    private static final String ONES =
            IntStream.range(0, 16).mapToObj(i -> "1").collect(Collectors.joining(",", "[", "]"));
    private static final String COUNT =
            IntStream.range(0, 16).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    private static final String INPUT0 =
            "{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":" + COUNT + "}";
    private static final String INPUT1 =
            "{\"name\":\"INPUT1\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":" + ONES + "}";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingStaysOpen() throws InterruptedException {
        Await.until(() -> server.models.open.get() == 0, "requests stay open");
    }

    private static String simple(String more) {
        return "{\"inputs\":[" + INPUT0 + "," + INPUT1 + "]" + more + "}";
    }

    @Test
    void sumAndDifference() {
        HttpResponse<String> answer = server.infer("simple", simple(",\"id\":\"a\\u0000\\\"b\""));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                "{\"id\":\"a\\u0000\\\"b\",\"model_name\":\"simple\",\"model_version\":\"1\",\"outputs\":["
                        + "{\"name\":\"OUTPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":"
                        + "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]},"
                        + "{\"name\":\"OUTPUT1\",\"datatype\":\"INT32\",\"shape\":[1,16],\"data\":"
                        + "[-1,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14]}]}",
                answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "TRTISExampleAddSub=io.opgraft.example.addsub/1.1.0",
                answer.headers().firstValue("Opgraft-Ops").orElseThrow());
        assertTrue(answer.headers().firstValue(InferOperation.HEADER_LENGTH).isEmpty());
    }

    @Test
    void noOpsNoHeader() {
        HttpResponse<String> answer = identity("INT8", "1", "[1]");
        assertTrue(answer.headers().firstValue("Opgraft-Ops").isEmpty());
    }

    @Test
    void outputsAsAskedFor() {
        String both = simple(",\"outputs\":[{\"name\":\"OUTPUT1\"},{\"name\":\"OUTPUT0\"}]");
        String body = server.infer("simple", both).body();
        assertTrue(body.indexOf("OUTPUT1") < body.indexOf("OUTPUT0"), body);
        body = server.infer("simple", simple(",\"outputs\":[{\"name\":\"OUTPUT1\"}]"))
                .body();
        assertFalse(body.contains("OUTPUT0"), body);
        body = server.infer("simple", simple(",\"outputs\":[]")).body();
        assertTrue(body.contains("OUTPUT0") && body.contains("OUTPUT1"), body);
    }

    @Test
    void keysInAnyOrder() {
        String shuffled = "{\"outputs\":[{\"parameters\":{\"binary_data\":false},\"name\":\"OUTPUT0\"}],\"inputs\":["
                + "{\"data\":" + COUNT + ",\"shape\":[1,16],\"name\":\"INPUT0\",\"datatype\":\"INT32\"},"
                + "{\"shape\":[1,16],\"data\":[" + ONES
                + "],\"datatype\":\"INT32\",\"name\":\"INPUT1\"}],\"id\":\"7\"}";
        HttpResponse<String> answer = server.infer("simple", shuffled);
        assertTrue(answer.body().contains("\"data\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]"), answer.body());
        // The offset of the data must be right beyond the first buffer and after a byte order mark.
        HttpResponse<String> far = server.infer("simple", "\ufeff" + " ".repeat(70_000) + shuffled);
        assertEquals(answer.body(), far.body());
    }

    /** What is skipped at first must not be mistaken for the end of the data. */
    @Test
    void stringsBeforeTheirDatatype() {
        String data = "[\"a]}\",\"\\\"[{\",\"\\\\\",\"" + "x".repeat(40_000) + "\"]";
        HttpResponse<String> answer = server.infer(
                "identity_BYTES",
                "{\"inputs\":[{\"data\":" + data + ",\"shape\":[4],\"datatype\":\"BYTES\",\"name\":\"INPUT0\"}]}");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"data\":" + data + "}"), answer.body());
        refused("identity_BYTES", "{\"inputs\":[{\"data\":[\"a]}", "not valid JSON");
        refused("identity_INT8", "{\"inputs\":[{\"data\":[1,{]", "not valid JSON");
    }

    @Test
    void anEmptyIdIsNone() {
        String body = "{\"id\":\"\",\"inputs\":[" + INPUT0 + "," + INPUT1 + "]}";
        assertTrue(server.infer("simple", body).body().startsWith("{\"model_name\":"));
    }

    @Test
    void harmlessParameters() {
        String parameters =
                "\"parameters\":{\"sequence_id\":0,\"sequence_start\":false,\"sequence_end\":null,\"priority\":0,"
                        + "\"mine\":\"x\",\"other\":1.5}";
        String body =
                "{" + parameters + ",\"inputs\":[" + INPUT0.replace("{\"name\"", "{\"parameters\":{\"a\":1},\"name\"")
                        + "," + INPUT1 + "],\"unknown\":{\"a\":[1,{}]},\"outputs\":[{\"name\":\"OUTPUT0\","
                        + "\"parameters\":{\"b\":true,\"classification\":0}}]}";
        assertEquals(200, server.infer("simple", body).statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sequence_id|1",
                "sequence_id|\"a\"",
                "sequence_start|true",
                "sequence_end|true",
            })
    void sequences(String name, String value) {
        unsupported(simple(",\"parameters\":{\"" + name + "\":" + value + "}"), "'" + name + "'");
    }

    private static void unsupported(String body, String part) {
        HttpResponse<String> answer = server.infer("simple", body);
        assertEquals(501, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\"") && answer.body().contains(part), answer.body());
        assertTrue(answer.body().contains("is not supported by this server: "), answer.body());
        assertEquals(0, server.models.open.get());
    }

    @Test
    void sharedMemory() {
        String region = "\"parameters\":{\"shared_memory_region\":\"r\",\"shared_memory_byte_size\":64}";
        unsupported(
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16]," + region + "}]}",
                "shared memory (inputs[].parameters.'shared_memory_region')");
        unsupported(simple(",\"outputs\":[{\"name\":\"OUTPUT0\"," + region + "}]"), "shared memory (outputs[]");
    }

    private static HttpResponse<String> identity(String type, String shape, String data) {
        return server.infer(
                "identity_" + type,
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"" + type + "\",\"shape\":[" + shape + "],\"data\":"
                        + data + "}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|4|[true,false,1,0]|[true,false,true,false]",
                "UINT8|2|[0,255]|[0,255]",
                "UINT16|2|[0,65535]|[0,65535]",
                "UINT32|2|[0,4294967295]|[0,4294967295]",
                "UINT64|3|[0,9223372036854775808,18446744073709551615]|[0,9223372036854775808,18446744073709551615]",
                "INT8|2|[-128,127]|[-128,127]",
                "INT16|2|[-32768,32767]|[-32768,32767]",
                "INT32|2|[-2147483648,2147483647]|[-2147483648,2147483647]",
                "INT64|2|[-9223372036854775808,9223372036854775807]|[-9223372036854775808,9223372036854775807]",
                "FP16|4|[1,-0.5,65504,5.9604645e-8]|[1.0,-0.5,65504.0,5.9604645e-8]",
                "BF16|3|[1,-0.5,3.3895314e38]|[1.0,-0.5,3.3895314e38]",
                "FP32|5|[0.1,1e-45,3.4028235e38,16777217,-0.0]|[0.1,1e-45,3.4028235e38,16777216.0,-0.0]",
                "FP64|4|[0.1,5e-324,1.7976931348623157e308,2E0]|[0.1,5e-324,1.7976931348623157e308,2.0]",
                "BYTES|3|[\"\",\"a\\u0000b\",\"\u00e4\u20ac\\ud83d\\ude00\"]|[\"\",\"a\\u0000b\",\"\u00e4\u20ac\ud83d\ude00\"]",
                "FP32|6|[NaN,Infinity,-Infinity,\"NaN\",\"Infinity\",\"-Infinity\"]|[NaN,Infinity,-Infinity,NaN,Infinity,-Infinity]",
                "FP64|6|[NaN,Infinity,-Infinity,\"NaN\",\"Infinity\",\"-Infinity\"]|[NaN,Infinity,-Infinity,NaN,Infinity,-Infinity]",
                "FP16|6|[NaN,Infinity,-Infinity,\"NaN\",\"Infinity\",\"-Infinity\"]|[NaN,Infinity,-Infinity,NaN,Infinity,-Infinity]",
                "BF16|3|[NaN,Infinity,-Infinity]|[NaN,Infinity,-Infinity]",
                "FP32|0|[]|[]",
                "BYTES|0|[]|[]",
            })
    void everyDatatype(String type, String shape, String in, String out) {
        HttpResponse<String> answer = identity(type, shape, in);
        assertEquals(200, answer.statusCode(), answer.body());
        String data = answer.body().substring(answer.body().indexOf("\"data\":") + 7);
        assertEquals(out + "}]}", data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|[0,2]|value 1 of 'data' (2) is out of range for BOOL",
                "BOOL|[true,\"true\"]|value 1 of 'data' is not true or false",
                "UINT8|[1,256]|value 1 of 'data' (256) is out of range for UINT8",
                "UINT8|[-1,2]|value 0 of 'data' (-1) is out of range for UINT8",
                "INT8|[1,-129]|value 1 of 'data' (-129) is out of range for INT8",
                "INT16|[1,32768]|value 1",
                "UINT16|[1,65536]|value 1",
                "INT32|[1,2147483648]|value 1",
                "UINT32|[1,4294967296]|value 1",
                "INT64|[1,9223372036854775808]|value 1",
                "UINT64|[1,18446744073709551616]|value 1",
                "UINT64|[1,-1]|value 1",
                "UINT64|[1,-9223372036854775809]|value 1",
                "INT32|[1,1.5]|(1.5) is not a whole number, as INT32 needs",
                "INT32|[1,1e2]|is not a whole number",
                "INT32|[1,NaN]|is not a whole number",
                "INT32|[1,\"2\"]|is not a whole number",
                "INT32|[1,null]|is not a whole number",
                "INT32|[1,{}]|the nesting of 'data' does not fit shape [2]",
                "FP16|[1,65520]|value 1 of 'data' (65520) is out of range for FP16",
                "BF16|[1,3.4e38]|value 1",
                "FP32|[1,1e39]|value 1 of 'data' (1e39) is out of range for FP32",
                "FP32|[1,-1e400]|value 1",
                "FP32|[1,\"1\"]|is not a number, as FP32 needs",
                "FP32|[1,true]|is not a number",
                "FP64|[1,1e309]|value 1 of 'data' (1e309) is out of range for FP64",
                "FP64|[1,\"inf\"]|is not a number",
                "FP16|[1,\"x\"]|is not a number",
                "BYTES|[\"a\",1]|is not a string, as BYTES needs",
                "BYTES|[\"a\",\"\\ud800\"]|half of a surrogate pair",
            })
    void valuesThatDoNotFit(String type, String data, String text) {
        HttpResponse<String> answer = identity(type, "2", data);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("input 'INPUT0'"), answer.body());
        assertTrue(answer.body().contains(text), answer.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2,3|[[1,2,3],[4,5,6]]",
                "2,3|[1,2,3,4,5,6]",
                "1,2,3|[[[1,2,3],[4,5,6]]]",
                "6|[1,2,3,4,5,6]",
                "3,0|[[],[],[]]",
                "0,3|[]",
            })
    void nestedData(String shape, String data) {
        server.models.add(FakeModel.identity("any", DataType.INT32, anyOf(shape)));
        HttpResponse<String> answer = server.infer(
                "any",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[" + shape + "],\"data\":" + data
                        + "}]}");
        assertEquals(200, answer.statusCode(), answer.body());
        String flat = data.replaceAll("[\\[\\]]", "").replaceAll("^,+$", "");
        assertTrue(answer.body().contains("\"data\":[" + flat + "]"), answer.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2,3|[[1,2],[3,4],[5,6]]",
                "2,3|[[1,2,3,4],[5,6]]",
                "2,3|[[1,2,3],4,5,6]",
                "2,3|[1,2,3,[4,5,6]]",
                "2,3|[[[1],[2],[3]],[[4],[5],[6]]]",
                "2,3|[[1,2,3]]",
                "2,3|[[1,2,3],[4,5,6],[7,8,9]]",
                "2,3|[1,2,3,4,5]",
                "2,3|[1,2,3,4,5,6,7]",
                "1,2,3|[[1,2,3],[4,5,6]]",
                "6|[[1,2,3,4,5,6]]",
                "2,3|7",
                "2,3|{}",
                "2,3|null",
            })
    void dataThatDoesNotFitTheShape(String shape, String data) {
        server.models.add(FakeModel.identity("any", DataType.INT32, anyOf(shape)));
        refused(
                "any",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[" + shape + "],\"data\":" + data
                        + "}]}",
                "input 'INPUT0'");
    }

    private static Shape anyOf(String shape) {
        long[] any = new long[shape.split(",").length];
        Arrays.fill(any, -1);
        return Shape.of(any);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1099511627776]",
                "[8589934592,8589934592]",
                "[9223372036854775807,9223372036854775807]",
                "[4294967296,4294967296,0]",
                "[100]",
            })
    void madeUpShapesAllocateNothing(String shape) {
        int before = server.models.allocated.get();
        refused(
                "identity_FP64",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP64\",\"shape\":" + shape + ",\"data\":[1]}]}",
                "input 'INPUT0'");
        if (!shape.equals("[100]")) {
            assertEquals(before, server.models.allocated.get());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the request is empty",
                "' '|the request is empty",
                "{|not valid JSON",
                "{\"inputs\":[|not valid JSON",
                "nope|not valid JSON",
                "[]|the request must be an object",
                "1|the request must be an object",
                "{}|the request has no 'inputs'",
                "{\"inputs\":null}|inputs must be an array",
                "{\"inputs\":{}}|inputs must be an array",
                "{\"inputs\":[1]}|each of 'inputs' must be an object",
                "{\"inputs\":[]}|input 'INPUT0' is missing",
                "{\"inputs\":[]}{}|more after the end",
                "{\"inputs\":[],\"inputs\":[]}|Duplicate field 'inputs'",
                "{\"inputs\":[],\"id\":7}|id must be a string",
                "{\"inputs\":[],\"parameters\":[]}|parameters must be an object",
                "{\"inputs\":[],\"parameters\":{\"binary_data_output\":1}}|must be true or false",
                "{\"inputs\":[],\"parameters\":{\"x\":{}}}|must be a string, a number or true or false",
                "{\"inputs\":[],\"parameters\":{\"x\":null,\"y\":1}}|parameters.'x' must be a string, a number or true or false",
                "{\"inputs\":[],\"parameters\":{\"triton_x\":1}}|parameters.'triton_x' is reserved",
                "{\"inputs\":[{|not valid JSON: Unexpected end-of-input: expected close marker for Object (line 1",
                "{\"inputs\":[],\"outputs\":[1]}|each of 'outputs' must be an object",
                "{\"inputs\":[],\"outputs\":[{}]}|one of 'outputs' has no 'name'",
                "{\"inputs\":[],\"outputs\":[{\"name\":\"X\"}]}|unexpected inference output 'X' for model 'simple'",
                "{\"inputs\":[],\"outputs\":[{\"name\":\"OUTPUT0\"},{\"name\":\"OUTPUT0\"}]}|asked for twice",
                "{\"inputs\":[{}]}|one of 'inputs' has no 'name'",
                "{\"inputs\":[{\"name\":7}]}|inputs[].name must be a string",
                "{\"inputs\":[{\"name\":\"X\"}]}|unexpected inference input 'X' for model 'simple'",
                "{\"inputs\":[{\"name\":\"INPUT0\"}]}|has no 'datatype'",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"TYPE_INT32\"}]}|datatype 'TYPE_INT32' does not exist",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\"}]}|has no 'shape'",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[-1]}]}|each dimension of the shape of input 'INPUT0' must be",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1.0]}]}|each dimension",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[9223372036854775808]}]}|each dimension",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":16}]}|must be an array",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16]}]}|neither 'data' nor",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,1],\"data\":[1]}]}|takes shape [-1,16]",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[1,1],\"data\":[1]}]}|is INT32, the request has FP32",
                "{\"inputs\":[{\"name\":\"INPUT0\"},{\"name\":\"INPUT0\"}]}|has no 'datatype'",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1,16],\"parameters\":{\"binary_data_size\":64}}]}|no header",
            })
    void malformedRequests(String body, String text) {
        refused("simple", body, text);
    }

    @Test
    void sameInputTwice() {
        refused("simple", "{\"inputs\":[" + INPUT0 + "," + INPUT0 + "]}", "input 'INPUT0' is given twice");
    }

    @Test
    void deepNesting() {
        String deep = "[".repeat(100_000);
        refused("simple", deep, "must be an object");
        refused("simple", "{\"x\":" + deep, "nesting depth");
        refused("simple", "{\"inputs\":[{\"data\":" + deep + "]".repeat(100_000) + "}]}", "nesting depth");
        refused("simple", "{\"a\":".repeat(100_000), "nesting depth");
    }

    @Test
    void otherEncodings() {
        refused("simple", "\u0000{", "not JSON in UTF-8");
        refused("simple", "{\u0000\"\u0000", "not JSON in UTF-8");
    }

    @Test
    void unknownAndWaitingModels() {
        HttpResponse<String> answer = server.infer("nope", "{}");
        assertEquals(404, answer.statusCode());
        assertEquals("{\"error\":\"Request for unknown model: 'nope' is not found\"}", answer.body());
        answer = server.post("/v2/models/simple/versions/3/infer", "{}");
        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("'simple' version 3 is not found"), answer.body());
        answer = server.infer("waiting", "{\"inputs\":[]}");
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("No bundle offers op 'Foo'."), answer.body());
        assertEquals(
                200,
                server.post("/v2/models/simple/versions/1/infer", simple("")).statusCode());
    }

    private static void refused(String model, String body, String text) {
        HttpResponse<String> answer = server.infer(model, body);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        assertTrue(answer.body().contains(text), answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    }
}
