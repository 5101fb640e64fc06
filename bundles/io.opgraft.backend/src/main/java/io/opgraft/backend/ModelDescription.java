package io.opgraft.backend;

import java.util.List;

/**
 * What a backend reads from a model's files without loading it.
 *
 * @param platform the platform found, such as {@code tensorflow_savedmodel}
 * @param signature inputs and outputs of the model itself; shapes as the model has them
 * @param requirements every op that a library must provide, one entry for each name
 */
public record ModelDescription(String platform, Signature signature, List<OpRequirement> requirements) {
    /** Takes a copy. */
    public ModelDescription {
        requirements = List.copyOf(requirements);
    }
}
