package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
    @Test
    void digitsAreANumber() {
        assertEquals(0, Decimals.parse("0"));
        assertEquals(42, Decimals.parse("042"));
        assertEquals(999_999_999_999_999_999L, Decimals.parse("999999999999999999"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "\u0661", "1000000000000000000"})
    void anythingElseIsNone(String text) {
        assertEquals(-1, Decimals.parse(text));
    }
}
