package io.opgraft.tools.internal.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonVersionTest {
    @ParameterizedTest
    @CsvSource({
        "2.18.1, 2.18.1",
        "2.18.1rc1, 2.18.1.rc1",
        "2.18.1-RC.1, 2.18.1.rc1",
        "1, 1.0.0",
        "1.2, 1.2.0",
        "1.2.3.4, 1.2.3.4",
        "1.2.3.4b2, 1.2.3.4_b2",
        "1.0.post2, 1.0.0.post2",
        "1.0-1, 1.0.0.post1",
        "0.38.0.dev20240101, 0.38.0.dev20240101",
        "1.0a1.post2.dev3, 1.0.0.a1_post2_dev3",
        "2.0+cpu.x86, 2.0.0.cpu_x86",
        "v1.0alpha, 1.0.0.a0",
        "1!2.0, 2.0.0"
    })
    void asAnOsgiVersion(String python, String osgi) {
        assertEquals(osgi, PythonVersion.parse(python).toOsgi().toString());
    }

    @Test
    void orderedAsPythonOrdersThem() {
        List<String> ascending = List.of(
                "1.0.dev1",
                "1.0a1.dev1",
                "1.0a1",
                "1.0a2",
                "1.0b1",
                "1.0rc1",
                "1.0",
                "1.0.post1.dev1",
                "1.0.post1",
                "1.0.1",
                "1.1.dev1",
                "1.1",
                "1.1.1.1.1.1.1.1.1.1.1",
                "1.10",
                "2",
                "1!0.1");
        for (int i = 1; i < ascending.size(); i++) {
            PythonVersion lower = PythonVersion.parse(ascending.get(i - 1));
            PythonVersion higher = PythonVersion.parse(ascending.get(i));
            assertTrue(lower.compareTo(higher) < 0, ascending.get(i - 1) + " < " + ascending.get(i));
            assertTrue(higher.compareTo(lower) > 0, ascending.get(i) + " > " + ascending.get(i - 1));
        }
        assertEquals(PythonVersion.parse("1.0"), PythonVersion.parse("1.0.0+local"));
        assertEquals(
                PythonVersion.parse("1.0").hashCode(),
                PythonVersion.parse("1.0.0").hashCode());
        assertNotEquals(PythonVersion.parse("1.0"), PythonVersion.parse("1.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "1.x", "1..2", "99999999999", "1.0rc1rc2", "1.0+"})
    void otherTextIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> PythonVersion.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<2.19,>=2.18.0 | 2.18.0 | true",
                "<2.19,>=2.18.0 | 2.18.99 | true",
                "<2.19,>=2.18.0 | 2.19.0 | false",
                "(>=2.18, <2.19) | 2.17.9 | false",
                "==2.18.0 | 2.18 | true",
                "==2.18.0 | 2.18.1 | false",
                "==2.18.* | 2.18.7 | true",
                "==2.18.* | 2.1.8 | false",
                "!=2.18.1 | 2.18.1 | false",
                "!=2.17.* | 2.17.3 | false",
                "~=2.18.0 | 2.18.5 | true",
                "~=2.18.0 | 2.19.0 | false",
                "~=2.18 | 2.19 | true",
                "~=2.18 | 3.0 | false",
                "'' | 1.0 | true",
            })
    void specifiersHold(String specifier, String version, boolean holds) {
        assertEquals(holds, VersionSpecifier.parse(specifier).contains(PythonVersion.parse(version)));
    }

    @Test
    void specifiersThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> VersionSpecifier.parse("2.18"));
        assertThrows(IllegalArgumentException.class, () -> VersionSpecifier.parse(">=x"));
        assertEquals("<2.19,>=2.18", VersionSpecifier.parse("( <2.19, >=2.18 )").toString());
    }
}
