package io.opgraft.ops.internal;

import java.util.regex.Pattern;

/**
 * Libraries that the whole process shares on purpose. A bundle that carries one of them still uses the process's own,
 * since two of them in one process would not understand each other's data.
 */
final class CommonLibraries {
    private static final Pattern NAMES = Pattern.compile("(ld-linux.*|ld64|linux-vdso"
            + "|lib(c|m|dl|rt|pthread|util|resolv|nsl|anl|mvec|stdc\\+\\+|gcc_s|atomic)"
            + "|libtensorflow(_framework|_cc)?"
            + "|libnvinfer.*|libnvonnxparser|libcuda|libcudart|libcudnn.*|libcublas.*|libnvrtc.*)"
            + "\\.so(\\.[0-9.]+)?");

    private CommonLibraries() {}

    static boolean contains(String name) {
        return NAMES.matcher(name).matches();
    }
}
