package io.opgraft.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void portAndExitAreTaken() {
        assertEquals(new Main.Options(8000, false), Main.Options.parse(List.of()));
        assertEquals(new Main.Options(0, true), Main.Options.parse(List.of("--http-port", "0", "--exit")));
        assertEquals(new Main.Options(81, false), Main.Options.parse(List.of("--http-port=81")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http-port", "--http-port=x", "--http-port=-1", "--http-port=65536", "--quick", "x"})
    void anythingElseIsRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> Main.Options.parse(List.of(line)));
    }
}
