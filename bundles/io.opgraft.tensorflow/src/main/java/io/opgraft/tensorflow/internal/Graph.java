package io.opgraft.tensorflow.internal;

import io.opgraft.backend.Signature;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.OpDef;

/**
 * What a model's files say.
 *
 * @param graph the graph with its function library
 * @param listedOps definitions of ops as they were where the model was written, by name; rarely complete
 * @param inputs in the order of the signature
 * @param outputs in the order of the signature
 */
record Graph(GraphDef graph, Map<String, OpDef> listedOps, List<Endpoint> inputs, List<Endpoint> outputs) {
    Signature signature() {
        return new Signature(
                inputs.stream().map(Endpoint::spec).toList(),
                outputs.stream().map(Endpoint::spec).toList());
    }

    /** Whether the graph itself has a value for an input. */
    boolean hasDefault(Endpoint input) {
        return graph.getNodeList().stream()
                .anyMatch(n -> n.getName().equals(input.node()) && n.getOp().equals("PlaceholderWithDefault"));
    }
}
