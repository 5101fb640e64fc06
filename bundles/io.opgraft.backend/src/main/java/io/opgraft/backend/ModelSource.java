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
 * @param instanceGroups executors that the configuration asks for, empty if it leaves them to the backend
 * @param steps of an ensemble, in the configuration's order; empty for every other model
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
        Map<String, String> parameters,
        List<InstanceGroup> instanceGroups,
        List<EnsembleStep> steps) {
    /** Takes copies. */
    public ModelSource {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        parameters = Map.copyOf(parameters);
        instanceGroups = List.copyOf(instanceGroups);
        steps = List.copyOf(steps);
    }

    /**
     * A model that is no ensemble and leaves its executors to the backend.
     *
     * @param name model name
     * @param version the number of the version folder
     * @param directory the version folder
     * @param platform what the configuration says, or empty
     * @param fileName {@code default_model_filename}, or empty
     * @param maxBatchSize 0 if the first dimension is no batch
     * @param inputs declared with full shapes
     * @param outputs declared with full shapes
     * @param parameters the {@code parameters} of the configuration
     */
    public ModelSource(
            String name,
            long version,
            Path directory,
            String platform,
            String fileName,
            int maxBatchSize,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            Map<String, String> parameters) {
        this(
                name,
                version,
                directory,
                platform,
                fileName,
                maxBatchSize,
                inputs,
                outputs,
                parameters,
                List.of(),
                List.of());
    }
}
