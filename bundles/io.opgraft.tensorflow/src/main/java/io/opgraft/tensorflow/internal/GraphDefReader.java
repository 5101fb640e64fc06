package io.opgraft.tensorflow.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Reads a GraphDef file. It has no signature: inputs and outputs come from the configuration, else from the graph. */
final class GraphDefReader {
    private static final Set<String> PLACEHOLDERS = Set.of("Placeholder", "PlaceholderV2");

    private final GraphDef graph;
    private final Map<String, OpDef> coreOps;
    private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

    private GraphDefReader(GraphDef graph, Map<String, OpDef> coreOps) {
        this.graph = graph;
        this.coreOps = coreOps;
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    }

    static Graph read(Path file, ModelSource source, Map<String, OpDef> coreOps) throws ModelLoadException {
        GraphDefReader reader = new GraphDefReader(SavedModelReader.parse(file, GraphDef::parseFrom), coreOps);
        List<Endpoint> inputs =
                source.inputs().isEmpty() ? reader.placeholders() : reader.declared(source.inputs(), "input");
        List<Endpoint> outputs =
                source.outputs().isEmpty() ? reader.sinks() : reader.declared(source.outputs(), "output");
        if (outputs.isEmpty()) {
            throw new ModelLoadException(
                    "no output can be told from the graph in " + file + "; declare the outputs in config.pbtxt");
        }
        return new Graph(reader.graph, Map.of(), inputs, outputs);
    }

    private List<Endpoint> declared(List<TensorSpec> specs, String kind) throws ModelLoadException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (TensorSpec spec : specs) {
            Endpoint endpoint = Endpoint.of(spec, spec.name());
            NodeDef node = nodes.get(endpoint.node());
            if (node == null) {
                throw new ModelLoadException("the configuration's " + kind + " \"" + spec.name()
                        + "\" is no node of the graph; it has " + some(kind));
            }
            DataType found = outputType(node, endpoint.index());
            if (found != null && found != spec.datatype()) {
                throw new ModelLoadException("the configuration's " + kind + " \"" + spec.name() + "\" is declared as "
                        + spec.datatype() + ", but is " + found + " in the graph");
            }
            endpoints.add(endpoint);
        }
        return endpoints;
    }

    /** A few names that may be meant. */
    private String some(String kind) throws ModelLoadException {
        List<Endpoint> likely = kind.equals("input") ? placeholders() : sinks();
        List<String> names = likely.stream().map(e -> e.spec().name()).limit(10).toList();
        return names.isEmpty() ? graph.getNodeCount() + " nodes" : String.join(", ", names);
    }

    private List<Endpoint> placeholders() throws ModelLoadException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (NodeDef node : nodes.values()) {
            if (PLACEHOLDERS.contains(node.getOp())) {
                DataType datatype = outputType(node, 0);
                if (datatype == null) {
                    throw new ModelLoadException("the placeholder \"" + node.getName() + "\" is of type "
                            + node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance())
                                    .getType()
                            + ", which requests cannot carry");
                }
                AttrValue shape = node.getAttrMap().get("shape");
                Shape declared = shape == null || !shape.hasShape() ? null : Types.shape(shape.getShape());
                endpoints.add(Endpoint.of(new TensorSpec(node.getName(), datatype, declared), node.getName()));
            }
        }
        return endpoints;
    }

    /** Outputs of nodes that no other node reads. */
    private List<Endpoint> sinks() throws ModelLoadException {
        Set<String> read = new HashSet<>();
        for (NodeDef node : nodes.values()) {
            for (String input : node.getInputList()) {
                String name = input.startsWith("^") ? input.substring(1) : input;
                int colon = name.indexOf(':');
                read.add(colon < 0 ? name : name.substring(0, colon));
            }
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (NodeDef node : nodes.values()) {
            if (!read.contains(node.getName()) && !PLACEHOLDERS.contains(node.getOp())) {
                DataType datatype;
                for (int i = 0; (datatype = outputType(node, i)) != null; i++) {
                    String name = i == 0 ? node.getName() : node.getName() + ":" + i;
                    endpoints.add(Endpoint.of(new TensorSpec(name, datatype, outputShape(node, i)), name));
                }
            }
        }
        return endpoints;
    }

    private static Shape outputShape(NodeDef node, int index) {
        AttrValue shapes = node.getAttrMap().get("_output_shapes");
        return shapes == null || shapes.getList().getShapeCount() <= index
                ? null
                : Types.shape(shapes.getList().getShape(index));
    }

    /** The type of a node's output, or null if there is no such output or the graph alone does not tell. */
    private DataType outputType(NodeDef node, int index) {
        OpDef op = coreOps.get(node.getOp());
        if (op == null) {
            return null;
        }
        int at = 0;
        for (OpDef.ArgDef arg : op.getOutputArgList()) {
            for (int number : Arguments.types(arg, node, op)) {
                if (at++ == index) {
                    return Types.of(number);
                }
            }
        }
        return null;
    }
}
