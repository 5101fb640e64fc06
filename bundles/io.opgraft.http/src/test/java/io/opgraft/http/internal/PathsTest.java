package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {
    @Test
    void pathsAreTakenApartAndDecoded() throws HttpFailure {
        assertEquals(List.of(), Routes.split(""));
        assertEquals(List.of(), Routes.split("*"));
        assertEquals(List.of(), Routes.split("/"));
        assertEquals(List.of("v2"), Routes.split("/v2"));
        assertEquals(List.of("v2"), Routes.split("/v2/"));
        assertEquals(List.of("v2", ""), Routes.split("/v2//"));
        assertEquals(List.of("", "v2"), Routes.split("//v2"));
        assertEquals(List.of("v2", "models", "a b", "infer"), Routes.split("/v2/models/a%20b/infer"));
        assertThrows(HttpFailure.class, () -> Routes.split("/v2/%4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-z_0.9", "...", "-"})
    void namesAreLettersDigitsAndSomeMarks(String name) throws HttpFailure {
        assertEquals(name, Routes.model(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "a\\b", "\u00e4", "a:", "[", "`", "{", "@", "\n"})
    void otherNamesAreRefused(String name) {
        assertThrows(HttpFailure.class, () -> Routes.model(name));
    }

    @Test
    void namesHaveAnEnd() throws HttpFailure {
        assertEquals(128, Routes.model("x".repeat(128)).length());
        assertThrows(HttpFailure.class, () -> Routes.model("x".repeat(129)));
    }
}
