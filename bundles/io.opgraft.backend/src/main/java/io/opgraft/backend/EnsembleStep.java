package io.opgraft.backend;

import java.util.Map;

/**
 * One step of an ensemble: a model that is run on some of the ensemble's tensors.
 *
 * @param model name of the model
 * @param version version number, or -1 for the highest that is ready
 * @param inputs for each input of the model the tensor of the ensemble that it gets
 * @param outputs for outputs of the model the tensor of the ensemble that they become
 */
public record EnsembleStep(String model, long version, Map<String, String> inputs, Map<String, String> outputs) {
    /** Takes copies. */
    public EnsembleStep {
        inputs = Map.copyOf(inputs);
        outputs = Map.copyOf(outputs);
    }
}
