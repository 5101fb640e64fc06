package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @Test
    void namesOfJavaAndOfFoldersMeet() {
        assertEquals("linux-x86_64", Platform.of("Linux", "amd64").toString());
        assertEquals("macos-aarch64", Platform.of("Mac OS X", "aarch64").toString());
        assertEquals(Platform.of("Linux", "amd64"), Platform.parse("linux-amd64"));
        assertEquals(Platform.of("Linux", "aarch64"), Platform.parse("linux-arm64"));
        assertNull(Platform.parse("linux"));
        assertNull(Platform.parse("-x86_64"));
        assertNull(Platform.parse("linux-"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "libc.so.6",
                "libstdc++.so.6",
                "libtensorflow_framework.so.2",
                "ld-linux-x86-64.so.2",
                "libnvinfer.so.10",
                "libcudart.so.12",
                "libgcc_s.so.1",
                "libm.so"
            })
    void theProcessSharesItsOwnLibraries(String name) {
        assertTrue(CommonLibraries.contains(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"libaddsub.so", "libgomp-a34b3233.so.1", "libcrypto.so.3", "libmath.so", "libstdc++-1a.so.6"})
    void otherLibrariesArePrivate(String name) {
        assertFalse(CommonLibraries.contains(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/../b", "..", "a//b", "./a", "a/", "a\\b", "a\nb", "a\u0000"})
    void unsafePaths(String path) {
        assertFalse(SafePaths.isSafe(path));
    }

    @Test
    void safePaths() {
        assertTrue(SafePaths.isSafe("libx.so"));
        assertTrue(SafePaths.isSafe("x.libs/lib..x-1+2.so.5"));
    }
}
