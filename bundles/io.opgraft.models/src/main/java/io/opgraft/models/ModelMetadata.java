package io.opgraft.models;

import io.opgraft.backend.TensorSpec;
import java.util.List;

/**
 * A model version as clients see it.
 *
 * @param name model name
 * @param version version number
 * @param platform such as {@code tensorflow_savedmodel}
 * @param maxBatchSize 0 if the first dimension is no batch
 * @param inputs with full shapes, the batch dimension included
 * @param outputs with full shapes, the batch dimension included
 * @param config the effective configuration as JSON text, fields named as in {@code config.pbtxt}
 * @param options what else the configuration says
 */
public record ModelMetadata(
        String name,
        long version,
        String platform,
        int maxBatchSize,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        String config,
        ModelOptions options) {
    /** Takes copies. */
    public ModelMetadata {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * A model version whose configuration says nothing beyond its tensors.
     *
     * @param name model name
     * @param version version number
     * @param platform such as {@code tensorflow_savedmodel}
     * @param maxBatchSize 0 if the first dimension is no batch
     * @param inputs with full shapes
     * @param outputs with full shapes
     * @param config the effective configuration as JSON text
     */
    public ModelMetadata(
            String name,
            long version,
            String platform,
            int maxBatchSize,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            String config) {
        this(name, version, platform, maxBatchSize, inputs, outputs, config, ModelOptions.NONE);
    }
}
