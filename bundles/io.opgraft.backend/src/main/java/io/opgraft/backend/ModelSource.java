package io.opgraft.backend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One version of a model as its repository has it: what a backend is told before it looks at the files.
 *
 * @param name model name
 * @param version the number of the version folder
 * @param directory the version folder
 * @param platform what the configuration says, such as {@code tensorflow_savedmodel}, or empty
 * @param fileName {@code default_model_filename} of the configuration, or empty for the backend's own default
 * @param maxBatchSize 0 if the first dimension is no batch
 * @param inputs declared by the configuration with full shapes, empty if it leaves them to the model
 * @param outputs declared by the configuration with full shapes, empty if it leaves them to the model
 * @param parameters the {@code parameters} of the configuration
 */
public record ModelSource(
        String name,
        long version,
        Path directory,
        String platform,
        String fileName,
        int maxBatchSize,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        Map<String, String> parameters) {
    /** Takes copies. */
    public ModelSource {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        parameters = Map.copyOf(parameters);
    }
}
