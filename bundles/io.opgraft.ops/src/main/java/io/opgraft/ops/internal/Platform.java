package io.opgraft.ops.internal;

import java.util.Locale;

/**
 * A platform as folder names of op bundles say it.
 *
 * @param os such as {@code linux}
 * @param arch such as {@code x86_64}
 */
record Platform(String os, String arch) {
    /** The platform of this process. */
    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Platform of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("mac")) {
            os = "macos";
        } else if (os.startsWith("windows")) {
            os = "windows";
        }
        return new Platform(os, arch(osArch));
    }

    /** Reads a folder name such as {@code linux-x86_64}; null if it is none. */
    static Platform parse(String folder) {
        int dash = folder.indexOf('-');
        if (dash < 1 || dash == folder.length() - 1) {
            return null;
        }
        return new Platform(folder.substring(0, dash), arch(folder.substring(dash + 1)));
    }

    private static String arch(String name) {
        return switch (name) {
            case "amd64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> name;
        };
    }

    @Override
    public String toString() {
        return os + "-" + arch;
    }
}
