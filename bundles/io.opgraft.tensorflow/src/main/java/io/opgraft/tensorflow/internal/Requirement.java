package io.opgraft.tensorflow.internal;

import io.opgraft.backend.OpRequirement;
import java.util.List;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * An op that a model needs, and what the model expects of it.
 *
 * @param op its name in the graph
 * @param listed its definition where the model was written, or null if the model does not say
 * @param nodes its uses in the graph itself
 * @param functionNodes its uses in the function library
 */
record Requirement(String op, OpDef listed, List<NodeDef> nodes, List<NodeDef> functionNodes) implements OpRequirement {
    /** Takes copies. */
    Requirement {
        nodes = List.copyOf(nodes);
        functionNodes = List.copyOf(functionNodes);
    }
}
