package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.util.ArrayList;
import java.util.List;

/** The JSON part of an inference request, less the tensor data in it. Not changed once it is parsed. */
final class InferHead {
    /** An input whose content follows the JSON part. */
    record BinaryInput(String name, DataType datatype, Shape shape, long size) {}

    /**
     * An output that the client asks for.
     *
     * @param binary whether after the JSON part; null if the request says nothing of this output
     * @param classes how many of its largest elements to give in its place; 0 for the output itself
     */
    record WantedOutput(String name, Boolean binary, int classes) {}

    /** The request's id, or null. */
    String id;

    /** 0 for the model's default, as is the timeout. */
    long priority;

    long timeoutMicros;

    /** Whether outputs come in binary form if nothing else is said. */
    boolean binaryOutputs;

    /** Whether there was tensor data in it. */
    boolean hasData;

    /** In the order of their content. */
    final List<BinaryInput> binaryInputs = new ArrayList<>();

    /** Empty for all. */
    final List<WantedOutput> outputs = new ArrayList<>();

    boolean asksFor(String output) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).name().equals(output)) {
                return true;
            }
        }
        return false;
    }

    List<String> outputNames() {
        if (outputs.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(outputs.size());
        for (WantedOutput output : outputs) {
            names.add(output.name());
        }
        return names;
    }

    boolean binary(int index) {
        if (index < outputs.size() && outputs.get(index).binary() != null) {
            return outputs.get(index).binary();
        }
        return binaryOutputs;
    }
}
