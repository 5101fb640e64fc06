package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names that mean to lead somewhere else, at every place where a name can stand. */
class HostileNamesTest {
    private static final List<String> NAMES = List.of(
            "..",
            ".",
            "../..",
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e",
            "%2e%2e%2f",
            "..%5c..%5cwindows",
            "..\\..\\windows",
            "%252e%252e%252f",
            "%c0%ae%c0%ae%c0%af",
            "%ef%bc%8e%ef%bc%8e",
            "....//....//",
            "..;/",
            "..%00",
            "simple%00.txt",
            "simple%0a",
            "%2fetc%2fpasswd",
            "//etc/passwd",
            "file:%2f%2f%2fetc%2fpasswd",
            "http:%2f%2fexample.com%2fm",
            "s3:%2f%2fbucket%2fm",
            "C:%5cmodels",
            "~root",
            "$(id)",
            "`id`",
            "a|b",
            "a;b",
            "a%20b",
            "*",
            "%",
            "%zz",
            "%u002e%u002e",
            "a".repeat(129),
            "%61".repeat(129),
            "-rf%20%2f",
            "caf%c3%a9",
            "%e2%80%ae",
            "simple%2f..%2fwaiting",
            "%2e%2e/simple",
            "simple/../waiting");

    private static final List<String> ROUTES = List.of(
            "GET /v2/models/NAME",
            "GET /v2/models/NAME/ready",
            "GET /v2/models/NAME/config",
            "GET /v2/models/NAME/wiring",
            "GET /v2/models/NAME/bom",
            "GET /v2/models/NAME/stats",
            "GET /v2/models/NAME/versions/1",
            "GET /v2/models/simple/versions/NAME",
            "GET /v2/models/simple/versions/NAME/config",
            "POST /v2/models/NAME/infer",
            "POST /v2/models/NAME/versions/1/infer",
            "POST /v2/models/simple/versions/NAME/infer",
            "POST /v2/models/NAME/generate",
            "GET /v2/models/NAME/trace/setting",
            "POST /v2/repository/models/NAME/load",
            "POST /v2/repository/models/NAME/unload",
            "POST /v2/repository/NAME/index",
            "GET /v2/systemsharedmemory/region/NAME/status",
            "GET /NAME");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void noneOfThemLeadsAnywhere() throws IOException {
        int before = server.models.list().size();
        for (String route : ROUTES) {
            for (String name : NAMES) {
                String request = route.replace("NAME", name);
                String answer = server.raw(
                        request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + "Connection: close\r\n\r\n{}");
                int status = Integer.parseInt(answer.substring(9, 12));
                assertTrue(status >= 400 && (status < 500 || status == 501), request + ": " + answer);
                assertTrue(answer.contains("{\"error\":\""), request + ": " + answer);
            }
        }
        // No model was touched.
        assertEquals(before, server.models.list().size());
        assertEquals(0, server.models.allocated.get());
    }

    /** Names in the JSON of a request are only ever compared. */
    @Test
    void namesInJson() {
        server.models.add(FakeModel.identity("plain", DataType.INT32, Shape.of(-1)));
        for (String name : NAMES) {
            String quoted = name.replace("\\", "\\\\");
            String input = "{\"name\":\"" + quoted + "\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[1]}";
            assertEquals(
                    400, server.infer("plain", "{\"inputs\":[" + input + "]}").statusCode(), name);
            String good = "{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[1]}";
            assertEquals(
                    400,
                    server.infer("plain", "{\"inputs\":[" + good + "],\"outputs\":[{\"name\":\"" + quoted + "\"}]}")
                            .statusCode(),
                    name);
        }
    }
}
