package io.opgraft.probe;

import java.util.Objects;

/**
 * Something that a library registers with its framework when it is loaded.
 *
 * @param kind such as {@code op}, {@code kernel}, {@code gradient}, {@code protobuf file}
 * @param name as the author wrote it
 * @param reach who sees it
 */
public record Registration(String kind, String name, Reach reach) {
    /** Who sees a registration. */
    public enum Reach {
        /** Models that are bound to the library; other libraries may use the same name. */
        SCOPE,
        /** The whole process: no other library may register the same kind and name. */
        PROCESS
    }

    /** Checks that all parts are there. */
    public Registration {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(reach, "reach");
    }
}
