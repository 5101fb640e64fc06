package io.opgraft.models;

import java.util.Map;

/**
 * What a request to load a model gives in place of what the repository has. It holds until the model is loaded again,
 * unloaded, or the server restarts.
 *
 * @param config the configuration as JSON text, fields named as in {@code config.pbtxt}; null for the repository's own
 * @param files contents by path below the model's folder, such as {@code 1/model.graphdef}; with any of them the
 *     repository's files are not used, and a configuration is needed
 */
public record LoadOverride(String config, Map<String, byte[]> files) {
    /** Nothing given. */
    public static final LoadOverride NONE = new LoadOverride(null, Map.of());

    /** Takes a copy. */
    public LoadOverride {
        files = Map.copyOf(files);
    }

    /**
     * Whether all comes from the repository.
     *
     * @return true if nothing is given
     */
    public boolean isEmpty() {
        return config == null && files.isEmpty();
    }
}
