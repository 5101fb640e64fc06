package io.opgraft.ops.internal;

import java.util.Arrays;

/** Relative paths that stay inside the folder that they are resolved against. */
final class SafePaths {
    private static final int LIMIT = 1024;

    private SafePaths() {}

    static boolean isSafe(String path) {
        return !path.isEmpty()
                && path.length() <= LIMIT
                && path.chars().allMatch(c -> c >= ' ' && c != '\\' && c != 0x7f)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
