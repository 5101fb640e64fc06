package io.opgraft.models.internal.repository;

import java.util.regex.Pattern;

/** Which names can be models and versions. */
public final class ModelNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private ModelNames() {}

    /**
     * Whether a name may be a model's.
     *
     * @param name name of a folder or from a client
     * @return true if it is safe as one path element and not hidden
     */
    public static boolean isModel(String name) {
        return NAME.matcher(name).matches() && !name.startsWith(".");
    }

    /**
     * Whether a folder's name is a version, as Triton has it: a number without leading zeros.
     *
     * @param name name of a folder
     * @return true if {@link Long#parseLong} gives the version
     */
    public static boolean isVersion(String name) {
        return VERSION.matcher(name).matches();
    }
}
