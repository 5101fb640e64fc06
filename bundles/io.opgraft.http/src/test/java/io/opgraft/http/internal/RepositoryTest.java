package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelStatus;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
    private static final String INDEX = "/v2/repository/index";
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void index() {
        server.models.others.put("unread", new ModelStatus("unread", true, List.of(), FakeModels.MISSING));
        server.models.others.put("idle", new ModelStatus("idle", false, List.of(), Explanation.NONE));
        HttpResponse<String> answer = server.post(INDEX, "");
        assertEquals(200, answer.statusCode());
        String why = "\"reason\":\"No bundle offers op 'Foo'. Deploy one that does.\"";
        for (String entry : List.of(
                "{\"name\":\"simple\",\"version\":\"1\",\"state\":\"READY\"}",
                "{\"name\":\"waiting\",\"version\":\"1\",\"state\":\"UNAVAILABLE\"," + why + "}",
                "{\"name\":\"unread\",\"state\":\"UNAVAILABLE\"," + why + "}",
                "{\"name\":\"idle\"}")) {
            assertTrue(answer.body().contains(entry), answer.body());
        }
        assertEquals(answer.body(), server.post(INDEX, "{\"ready\":false}").body());
        assertEquals(
                answer.body(), server.post("/v2/repository/local/index", "").body());
        String ready = server.post(INDEX, "{\"ready\":true,\"other\":[1]}").body();
        assertTrue(ready.contains("simple"), ready);
        for (String name : List.of("waiting", "unread", "idle")) {
            assertFalse(ready.contains(name), ready);
        }
    }

    @Test
    void repositoriesHaveNoNames() {
        HttpResponse<String> answer = server.post("/v2/repository/local/models/simple/load", "");
        assertEquals(501, answer.statusCode());
        assertTrue(answer.body().contains("use /v2/repository/models/MODEL/load"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"ready\":1}", "{", "{}{}", "nonsense", "{\"ready\":true,\"ready\":true}"})
    void wrongBody(String body) {
        HttpResponse<String> answer = server.post(INDEX, body);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
    }

    @Test
    void largeBody() {
        assertEquals(413, server.post(INDEX, " ".repeat(70_000)).statusCode());
    }

    @Test
    void load() {
        HttpResponse<String> answer = server.post("/v2/repository/models/simple/load", "{\"parameters\":{}}");
        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
        answer = server.post("/v2/repository/models/nope/load", "");
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("failed to load 'nope', "), answer.body());
        answer = server.post("/v2/repository/models/waiting/load", "{}");
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("failed to load 'waiting', no version is ready: No bundle"), answer.body());
    }

    @Test
    void loadWithAnotherConfiguration() {
        String path = "/v2/repository/models/simple/load";
        assertEquals(200, server.post(path, "").statusCode());
        assertTrue(server.models.overrides.get("simple").isEmpty());
        String config = "{\\\"max_batch_size\\\":\\\"16\\\"}";
        assertEquals(
                200,
                server.post(path, "{\"parameters\":{\"config\":\"" + config + "\",\"file:1/model.x\":\"aGk=\"}}")
                        .statusCode());
        LoadOverride override = server.models.overrides.get("simple");
        assertEquals("{\"max_batch_size\":\"16\"}", override.config());
        assertEquals("hi", new String(override.files().get("1/model.x"), StandardCharsets.UTF_8));
        for (String body : List.of(
                "{\"parameters\":{\"config\":{}}}",
                "{\"parameters\":{\"other\":1}}",
                "{\"parameters\":{\"file:x\":\"*\"}}",
                "{\"parameters\":{\"file:x\":[]}}",
                "{\"parameters\":[]}")) {
            assertEquals(400, server.post(path, body).statusCode(), body);
        }
        assertEquals(413, server.post(path, " ".repeat((8 << 20) + 1)).statusCode());
    }

    @Test
    void unload() {
        String body = "{\"parameters\":{\"unload_dependents\":false}}";
        assertEquals(
                200, server.post("/v2/repository/models/simple/unload", body).statusCode());
        assertEquals(404, server.get("/v2/models/simple").statusCode());
        HttpResponse<String> answer = server.post("/v2/repository/models/nope/unload", body);
        assertEquals(404, answer.statusCode());
        assertEquals(Set.of(), server.models.withDependents);
    }

    @Test
    void unloadWithDependents() {
        String body = "{\"parameters\":{\"unload_dependents\":true}}";
        assertEquals(
                200, server.post("/v2/repository/models/simple/unload", body).statusCode());
        assertEquals(Set.of("simple"), server.models.withDependents);
        String wrong = "{\"parameters\":{\"unload_dependents\":1}}";
        assertEquals(
                400, server.post("/v2/repository/models/simple/unload", wrong).statusCode());
    }

    @Test
    void refusedControl() {
        server.models.refuseControl = true;
        for (String what : List.of("load", "unload")) {
            HttpResponse<String> answer = server.post("/v2/repository/models/simple/" + what, "");
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("is not allowed if polling is enabled"), answer.body());
        }
    }
}
