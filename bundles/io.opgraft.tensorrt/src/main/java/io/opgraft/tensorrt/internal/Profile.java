package io.opgraft.tensorrt.internal;

import io.opgraft.backend.Shape;
import java.util.ArrayList;
import java.util.List;

/** An optimization profile: which shapes the inputs may have together. */
final class Profile {
    private final int number;
    private final List<EngineTensor> inputs;
    private final List<Engine.Range> ranges = new ArrayList<>();

    Profile(Engine engine, int number) {
        this.number = number;
        this.inputs = engine.tensors().stream().filter(EngineTensor::input).toList();
        for (EngineTensor input : inputs) {
            long[] fixed = input.shape().toArray();
            ranges.add(
                    input.shape().isConcrete()
                            ? new Engine.Range(fixed, fixed, fixed)
                            : engine.range(input.name(), number));
        }
    }

    int number() {
        return number;
    }

    /** The shape that it was made for. */
    Shape usual(int input) {
        return Shape.of(ranges.get(input).usual());
    }

    /** The most that the first dimension of all inputs may have. */
    long largestBatch() {
        return ranges.stream()
                .filter(range -> range.max().length > 0)
                .mapToLong(range -> range.max()[0])
                .min()
                .orElse(0);
    }

    /** Why it does not take some shapes, for the client; null if it does. */
    String refusal(HostTensor[] in) {
        for (int i = 0; i < in.length; i++) {
            Engine.Range range = ranges.get(i);
            Shape shape = in[i].shape();
            boolean fits = shape.rank() == range.min().length;
            for (int d = 0; fits && d < range.min().length; d++) {
                fits = shape.dimension(d) >= range.min()[d] && shape.dimension(d) <= range.max()[d];
            }
            if (!fits) {
                return "input \"" + inputs.get(i).name() + "\" has shape " + shape + ", but the plan takes "
                        + text(range) + (number == 0 ? "" : " in profile " + number);
            }
        }
        return null;
    }

    private static String text(Engine.Range range) {
        Shape min = Shape.of(range.min());
        Shape max = Shape.of(range.max());
        return min.equals(max) ? min.toString() : min + " to " + max;
    }
}
