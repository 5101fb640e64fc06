package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP endpoint of the distribution; each rule has its own test in io.opgraft.http. */
class HttpIT {
    @RegisterExtension
    static final ExampleServer SERVER = new ExampleServer();

    @Test
    void http2WithoutTlsAnswersTheSame() throws Exception {
        HttpProbe http2 = new HttpProbe(SERVER.process().address(), HttpClient.Version.HTTP_2);
        // the client asks for the upgrade with its first request; those after it are HTTP/2 from the start
        assertEquals(200, http2.get("/v2").statusCode());
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = AddSub.infer(http2, "addsub_v2", 1, i);
            assertEquals(200, answer.statusCode(), answer.body());
            assertArrayEquals(new int[] {10 * (1 + i), 10 * (1 - i)}, AddSub.result(answer));
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
        }
    }

    @Test
    void serverMetadata() throws Exception {
        HttpResponse<String> metadata = SERVER.http().get("/v2");
        assertEquals(200, metadata.statusCode());
        assertTrue(metadata.body().contains("\"name\":\"opgraft\""), metadata.body());
        assertTrue(metadata.body().contains("binary_tensor_data"), metadata.body());
        assertFalse(SERVER.process().log().contains("duration_us"), "there is an access log that nobody asked for");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /v2/models/nobody                     |                    | 404 | nobody",
                "POST | /v2/models/nobody/infer               | {}                 | 404 | Request for unknown model",
                "POST | /v2/models/addsub_v1/versions/9/infer | {}                 | 404 | addsub_v1",
                "POST | /v2/models/addsub_v1/infer            | {\"inputs\": [     | 400 | JSON",
                "POST | /v2/models/addsub_v1/infer            | {\"inputs\": []}   | 400 | INPUT0",
                "POST | /v2/models/addsub_v1/infer            | [1]                | 400 | object",
                "GET  | /v2/models/addsub_v1/infer            |                    | 405 | POST",
                "POST | /v2/repository/models/nobody/load     |                    | 400 | ''",
                "GET  | /v2/models/..%2F..%2Fetc/ready        |                    | 400 | path",
                "GET  | /nothing/here                         |                    | 404 | ''",
                "GET  | /v2/systemsharedmemory/status            |                    | 501 | shared memory",
            })
    void errorsAreJsonAndNameTheMatter(String method, String path, String body, int status, String part)
            throws Exception {
        HttpResponse<String> answer =
                method.equals("GET") ? SERVER.http().get(path) : SERVER.http().post(path, body == null ? "" : body);
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        assertTrue(answer.body().contains(part), answer.body());
    }

    @Test
    void wrongTensorsAreNamed() throws Exception {
        String good = AddSub.request(1, 2);
        assertRefused(good.replace("INPUT1", "INPUT9"), "INPUT9");
        assertRefused(good.replace("INT32", "FP32"), "INT32");
        assertRefused(good.replace("[1,16]", "[1,15]"), "INPUT0");
        assertRefused(good.replace("[1,16]", "[9,16]"), "INPUT0");
        assertRefused(good.replace("[1,16]", "[1099511627776,1099511627776]"), "INPUT0");
        assertRefused(good.replaceFirst("1,1,1", "1,1,3000000000"), "INPUT0");
        assertRefused(good.replace("}]}", "}],\"outputs\":[{\"name\":\"OUTPUT9\"}]}"), "OUTPUT9");
    }

    private static void assertRefused(String request, String part) throws Exception {
        HttpResponse<String> answer = SERVER.http().post("/v2/models/addsub_v1/infer", request);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(part), part + " is not in " + answer.body());
    }
}
