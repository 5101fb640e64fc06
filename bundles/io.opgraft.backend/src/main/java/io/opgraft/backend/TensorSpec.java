package io.opgraft.backend;

import java.util.Objects;

/**
 * An input or output as a model declares it.
 *
 * @param name name in requests
 * @param datatype element type
 * @param shape full shape with the batch dimension, sizes left open as {@link Shape#ANY}; null if even the number of
 *     dimensions is open
 */
public record TensorSpec(String name, DataType datatype, Shape shape) {
    /** Checks that name and datatype are there. */
    public TensorSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(datatype, "datatype");
    }
}
