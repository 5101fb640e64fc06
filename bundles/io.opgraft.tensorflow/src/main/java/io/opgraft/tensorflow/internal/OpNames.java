package io.opgraft.tensorflow.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * The places of a graph that name ops: nodes of the graph and of its function library, and attributes that name a
 * function, since TensorFlow lets them name an op. Names of the model's own functions are none: they are looked up first.
 */
final class OpNames {
    private final GraphDef graph;
    private final Set<String> functions = new HashSet<>();

    OpNames(GraphDef graph) {
        this.graph = graph;
        for (FunctionDef function : graph.getLibrary().getFunctionList()) {
            functions.add(function.getSignature().getName());
        }
    }

    /** Every op that a library must provide, in order of names. */
    List<Requirement> requirements(Map<String, OpDef> coreOps, Map<String, OpDef> listed) {
        Map<String, Uses> uses = new TreeMap<>();
        collect(graph.getNodeList(), false, coreOps, uses);
        for (FunctionDef function : graph.getLibrary().getFunctionList()) {
            collect(function.getNodeDefList(), true, coreOps, uses);
        }
        List<Requirement> requirements = new ArrayList<>();
        uses.forEach(
                (op, use) -> requirements.add(new Requirement(op, listed.get(op), use.nodes(), use.functionNodes())));
        return requirements;
    }

    private record Uses(List<NodeDef> nodes, List<NodeDef> functionNodes) {}

    private void collect(List<NodeDef> nodes, boolean inFunction, Map<String, OpDef> coreOps, Map<String, Uses> uses) {
        for (NodeDef node : nodes) {
            if (isOp(node.getOp(), coreOps)) {
                Uses use = use(node.getOp(), uses);
                (inFunction ? use.functionNodes() : use.nodes()).add(node);
            }
            for (AttrValue value : node.getAttrMap().values()) {
                rename(value, name -> {
                    if (!name.isEmpty() && isOp(name, coreOps)) {
                        use(name, uses);
                    }
                    return name;
                });
            }
        }
    }

    private boolean isOp(String name, Map<String, OpDef> coreOps) {
        return !functions.contains(name) && !coreOps.containsKey(name);
    }

    private static Uses use(String op, Map<String, Uses> uses) {
        return uses.computeIfAbsent(op, name -> new Uses(new ArrayList<>(), new ArrayList<>()));
    }

    /** The graph with other op names. Names that the map lacks stay. */
    GraphDef renamed(Map<String, String> names) {
        UnaryOperator<String> rename = name -> functions.contains(name) ? name : names.getOrDefault(name, name);
        GraphDef.Builder result = graph.toBuilder();
        for (int i = 0; i < result.getNodeCount(); i++) {
            NodeDef node = renamed(result.getNode(i), rename);
            if (node != null) {
                result.setNode(i, node);
            }
        }
        for (int f = 0; f < result.getLibrary().getFunctionCount(); f++) {
            FunctionDef.Builder function = null;
            List<NodeDef> nodes = result.getLibrary().getFunction(f).getNodeDefList();
            for (int i = 0; i < nodes.size(); i++) {
                NodeDef node = renamed(nodes.get(i), rename);
                if (node != null) {
                    function = function == null ? result.getLibraryBuilder().getFunctionBuilder(f) : function;
                    function.setNodeDef(i, node);
                }
            }
        }
        return result.build();
    }

    /** A node with other names, or null if none of its names changes. */
    private static NodeDef renamed(NodeDef node, UnaryOperator<String> rename) {
        NodeDef.Builder result = null;
        String op = rename.apply(node.getOp());
        if (!op.equals(node.getOp())) {
            result = node.toBuilder().setOp(op);
        }
        for (Map.Entry<String, AttrValue> attr : node.getAttrMap().entrySet()) {
            AttrValue value = rename(attr.getValue(), rename);
            if (!value.equals(attr.getValue())) {
                result = result == null ? node.toBuilder() : result;
                result.putAttr(attr.getKey(), value);
            }
        }
        return result == null ? null : result.build();
    }

    /** Applies a function to every function name of an attribute value, also to those in the function's own attributes. */
    private static AttrValue rename(AttrValue value, UnaryOperator<String> rename) {
        if (value.hasFunc()) {
            return value.toBuilder().setFunc(rename(value.getFunc(), rename)).build();
        }
        if (value.hasList() && value.getList().getFuncCount() > 0) {
            AttrValue.Builder result = value.toBuilder();
            for (int i = 0; i < value.getList().getFuncCount(); i++) {
                result.getListBuilder().setFunc(i, rename(value.getList().getFunc(i), rename));
            }
            return result.build();
        }
        return value;
    }

    private static NameAttrList rename(NameAttrList func, UnaryOperator<String> rename) {
        NameAttrList.Builder result = func.toBuilder().setName(rename.apply(func.getName()));
        func.getAttrMap().forEach((key, value) -> result.putAttr(key, rename(value, rename)));
        return result.build();
    }
}
