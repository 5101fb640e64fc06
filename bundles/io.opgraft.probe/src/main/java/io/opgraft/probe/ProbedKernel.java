package io.opgraft.probe;

import java.util.List;
import java.util.Map;

/**
 * One implementation of an op.
 *
 * @param device such as {@code CPU}
 * @param constraints for each restricted type attribute the types that it takes, such as {@code T=[float, double]}
 */
public record ProbedKernel(String device, Map<String, List<String>> constraints) {
    /** Takes a copy. */
    public ProbedKernel {
        constraints = Map.copyOf(constraints);
    }
}
