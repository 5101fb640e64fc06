package io.opgraft.models;

import io.opgraft.backend.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the configuration of a model version says beyond its tensors.
 *
 * @param scheduling how requests share the executors
 * @param optionalInputs names of inputs that a request may leave out
 * @param reshapedInputs for inputs with {@code reshape} the full shape that the model itself takes, batch included
 * @param reshapedOutputs for outputs with {@code reshape} the full shape that the model itself gives, batch included
 * @param labels for outputs with {@code label_filename} its lines, in order
 * @param responseCache whether answers of equal requests may be given again
 * @param metricTags labels that the model's metrics carry besides their own
 */
public record ModelOptions(
        Scheduling scheduling,
        Set<String> optionalInputs,
        Map<String, Shape> reshapedInputs,
        Map<String, Shape> reshapedOutputs,
        Map<String, List<String>> labels,
        boolean responseCache,
        Map<String, String> metricTags) {
    /** Nothing said. */
    public static final ModelOptions NONE =
            new ModelOptions(Scheduling.PLAIN, Set.of(), Map.of(), Map.of(), Map.of(), false, Map.of());

    /** Takes copies. */
    public ModelOptions {
        optionalInputs = Set.copyOf(optionalInputs);
        reshapedInputs = Map.copyOf(reshapedInputs);
        reshapedOutputs = Map.copyOf(reshapedOutputs);
        labels = Map.copyOf(labels);
        metricTags = Map.copyOf(metricTags);
    }
}
