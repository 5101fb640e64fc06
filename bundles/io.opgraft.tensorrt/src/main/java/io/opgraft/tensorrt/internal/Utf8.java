package io.opgraft.tensorrt.internal;

import java.nio.charset.StandardCharsets;

/** Texts from and to the shim. */
final class Utf8 {
    private Utf8() {}

    static byte[] bytes(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
