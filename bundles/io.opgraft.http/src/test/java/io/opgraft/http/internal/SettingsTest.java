package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class SettingsTest {
    private static final String LOG = "/v2/logging";
    private static final String TRACE = "/v2/trace/setting";

    private final Logger ours = LoggerFactory.getLogger("io.opgraft.anything");
    private final Logger others = LoggerFactory.getLogger("org.example");

    private TestServer server;

    @BeforeEach
    void start() {
        TestServer.LEVELS.setLoggerLevel("io.opgraft", "INFO");
        server = new TestServer(Map.of("allowSettings", true));
    }

    @AfterEach
    void stop() {
        server.close();
        TestServer.LEVELS.setLoggerLevel("io.opgraft", null);
        TestServer.LEVELS.setLoggerLevel("", "WARNING");
    }

    private static String settings(boolean info, boolean warning, boolean error, int verbose) {
        return "{\"log_file\":\"\",\"log_info\":" + info + ",\"log_warning\":" + warning + ",\"log_error\":" + error
                + ",\"log_verbose_level\":" + verbose + ",\"log_format\":\"default\"}";
    }

    private void set(String body, String expected) {
        HttpResponse<String> answer = server.post(LOG, body);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(expected, answer.body());
        assertEquals(expected, server.get(LOG).body());
    }

    @Test
    void levelsAreReal() {
        assertEquals(settings(true, true, true, 0), server.get(LOG).body());
        set("{\"log_verbose_level\":1}", settings(true, true, true, 1));
        assertTrue(ours.isDebugEnabled());
        assertFalse(ours.isTraceEnabled());
        assertFalse(others.isInfoEnabled());
        set("{\"log_verbose_level\":5,\"log_format\":\"default\"}", settings(true, true, true, 5));
        assertTrue(ours.isTraceEnabled());
        set("{\"log_verbose_level\":0,\"log_info\":false}", settings(false, true, true, 0));
        assertFalse(ours.isInfoEnabled());
        set("{\"log_warning\":false}", settings(false, false, true, 0));
        assertFalse(ours.isWarnEnabled());
        assertFalse(others.isWarnEnabled());
        assertTrue(others.isErrorEnabled());
        set("{\"log_error\":false}", settings(false, false, false, 0));
        assertFalse(others.isErrorEnabled());
        set("{\"log_info\":true,\"log_warning\":true,\"log_error\":true}", settings(true, true, true, 0));
        assertTrue(ours.isInfoEnabled());
        assertTrue(others.isWarnEnabled());
        assertFalse(others.isInfoEnabled());
        for (String same : List.of("{}", "", "{\"nothing\":{\"a\":[1]}}", "{\"log_info\":null,\"log_format\":null}")) {
            set(same, settings(true, true, true, 0));
        }
    }

    @Test
    void kindsOfMessagesAreShownOrHiddenOneByOne() {
        set("{\"log_warning\":false}", settings(true, false, true, 0));
        assertTrue(ours.isInfoEnabled());
        assertFalse(ours.isWarnEnabled());
        assertFalse(others.isWarnEnabled());
        assertTrue(others.isErrorEnabled());
        set("{\"log_verbose_level\":1,\"log_info\":false,\"log_error\":false}", settings(false, false, false, 1));
        assertTrue(ours.isDebugEnabled());
        assertFalse(ours.isErrorEnabled());
        set("{\"log_info\":true,\"log_warning\":true}", settings(true, true, false, 1));
        assertTrue(others.isWarnEnabled());
        assertFalse(others.isErrorEnabled());
        set("{\"log_verbose_level\":0,\"log_error\":true}", settings(true, true, true, 0));
        assertTrue(others.isErrorEnabled());
        assertFalse(others.isInfoEnabled());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"log_file\":\"/etc/passwd\"} | 501 | no request names a file",
                "{\"log_file\":\"\"} | 501 | log_file",
                "{\"log_format\":\"ISO8601\"} | 501 | log_format",
                "{\"log_format\":1} | 400 | log_format",
                "{\"log_info\":1} | 400 | log_info",
                "{\"log_format\":\"xyz\"} | 400 | log_format",
                "{\"log_file\":null} | 501 | log_file",
                "{\"log_verbose_level\":2147483648} | 400 | log_verbose_level",
                "{\"log_verbose_level\":-1} | 400 | log_verbose_level",
                "{\"log_verbose_level\":\"1\"} | 400 | log_verbose_level",
                "{\"log_verbose_level\":99999999999999999999} | 400 | log_verbose_level",
                "{\"log_verbose_level\":1,\"log_file\":\"x\"} | 501 | log_file",
                "{\"log_info\":true,\"log_info\":false} | 400 | Duplicate",
                "[] | 400 | object",
                "{ | 400 | JSON",
            })
    void refusedAsAWhole(String body, int status, String part) {
        HttpResponse<String> answer = server.post(LOG, body);
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":") && answer.body().contains(part), answer.body());
        assertEquals(settings(true, true, true, 0), server.get(LOG).body());
        assertFalse(ours.isDebugEnabled());
    }

    @ParameterizedTest
    @ValueSource(strings = {TRACE, "/v2/models/simple/trace/setting"})
    void nothingIsTraced(String path) {
        String shown = server.get(path).body();
        for (String same : new String[] {
            "{}",
            "{\"nothing\":{\"a\":[1]}}",
            "{\"trace_level\":[\"OFF\"]}",
            "{\"trace_level\":null,\"trace_rate\":null}",
            "{\"trace_rate\":\"1000\",\"trace_count\":\"-1\",\"log_frequency\":\"0\",\"trace_mode\":\"triton\"}"
        }) {
            HttpResponse<String> answer = server.post(path, same);
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(shown, answer.body());
        }
        for (String field : new String[] {"trace_rate", "trace_count", "log_frequency", "trace_mode", "trace_file"}) {
            HttpResponse<String> answer = server.post(path, "{\"" + field + "\":\"1\"}");
            assertEquals(501, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains(field), answer.body());
        }
        HttpResponse<String> answer = server.post(path, "{\"trace_level\":[\"OFF\",\"TIMESTAMPS\"]}");
        assertEquals(501, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("TIMESTAMPS"), answer.body());
        assertEquals(400, server.post(path, "{\"trace_level\":[1]}").statusCode());
        assertEquals(400, server.post(path, "{\"trace_rate\":1000}").statusCode());
        assertEquals(501, server.post(path, "{\"trace_file\":null}").statusCode());
    }

    @Test
    void namedOnlyWhereItWorks() {
        assertTrue(server.get("/v2").body().contains("\"binary_tensor_data\",\"logging\"]"));
        try (TestServer usual = new TestServer()) {
            assertFalse(usual.get("/v2").body().contains("logging"));
            for (String path : new String[] {LOG, TRACE}) {
                HttpResponse<String> answer = usual.post(path, "{\"log_verbose_level\":1}");
                assertEquals(501, answer.statusCode());
                assertTrue(answer.body().contains("--allow-settings"), answer.body());
            }
            assertEquals(settings(true, true, true, 0), usual.get(LOG).body());
        }
    }
}
