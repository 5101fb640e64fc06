package io.opgraft.tensorflow.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Small graphs, written as TensorFlow's Python would. */
final class Graphs {
    private Graphs() {}

    static AttrValue type(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }

    static AttrValue number(float value) {
        return AttrValue.newBuilder().setF(value).build();
    }

    static AttrValue func(String name) {
        return AttrValue.newBuilder()
                .setFunc(NameAttrList.newBuilder().setName(name))
                .build();
    }

    static AttrValue types(DataType... types) {
        AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
        for (DataType type : types) {
            list.addType(type);
        }
        return AttrValue.newBuilder().setList(list).build();
    }

    static NodeDef.Builder node(String name, String op, String... inputs) {
        NodeDef.Builder node = NodeDef.newBuilder().setName(name).setOp(op);
        for (String input : inputs) {
            node.addInput(input);
        }
        return node;
    }

    static NodeDef placeholder(String name, DataType type) {
        return node(name, "Placeholder")
                .putAttr("dtype", type(type))
                .putAttr(
                        "shape",
                        AttrValue.newBuilder()
                                .setShape(TensorShapeProto.newBuilder().setUnknownRank(true))
                                .build())
                .build();
    }

    static NodeDef identity(String name, DataType type, String input) {
        return node(name, "Identity", input).putAttr("T", type(type)).build();
    }

    static GraphDef graph(NodeDef... nodes) {
        GraphDef.Builder graph = GraphDef.newBuilder();
        graph.getVersionsBuilder().setProducer(1882);
        for (NodeDef node : nodes) {
            graph.addNode(node);
        }
        return graph.build();
    }

    /** x, a custom op, and its result named y. */
    static GraphDef scaled(NodeDef custom) {
        return graph(placeholder("x", DataType.DT_FLOAT), custom, identity("y", DataType.DT_FLOAT, custom.getName()));
    }

    static GraphDef scaled() {
        return scaled(node("s", "LabScale", "x").build());
    }

    /** A version folder with model.graphdef. */
    static Path write(GraphDef graph) throws IOException {
        Path folder = Lab.folder();
        Files.write(folder.resolve("model.graphdef"), graph.toByteArray());
        return folder;
    }

    static OpDef.ArgDef argument(String name) {
        return OpDef.ArgDef.newBuilder()
                .setName(name)
                .setType(DataType.DT_FLOAT)
                .build();
    }

    /** A function of one float x; the result is what a node of it computes. */
    static FunctionDef function(String name, String result, NodeDef... nodes) {
        FunctionDef.Builder function = FunctionDef.newBuilder()
                .setSignature(OpDef.newBuilder()
                        .setName(name)
                        .addInputArg(argument("x"))
                        .addOutputArg(argument("r")))
                .putRet("r", result);
        for (NodeDef node : nodes) {
            function.addNodeDef(node);
        }
        return function.build();
    }

    /** A function that tells whether x is below a limit. */
    static FunctionDef isBelow(String name, float limit) {
        NodeDef constant = node("limit", "Const")
                .putAttr("dtype", type(DataType.DT_FLOAT))
                .putAttr(
                        "value",
                        AttrValue.newBuilder()
                                .setTensor(TensorProto.newBuilder()
                                        .setDtype(DataType.DT_FLOAT)
                                        .setTensorShape(TensorShapeProto.newBuilder()
                                                .addDim(TensorShapeProto.Dim.newBuilder()
                                                        .setSize(1)))
                                        .addFloatVal(limit))
                                .build())
                .build();
        NodeDef zero = node("zero", "Const")
                .putAttr("dtype", type(DataType.DT_INT32))
                .putAttr(
                        "value",
                        AttrValue.newBuilder()
                                .setTensor(TensorProto.newBuilder()
                                        .setDtype(DataType.DT_INT32)
                                        .setTensorShape(TensorShapeProto.newBuilder()
                                                .addDim(TensorShapeProto.Dim.newBuilder()
                                                        .setSize(1)))
                                        .addIntVal(0))
                                .build())
                .build();
        NodeDef less = node("less", "Less", "x", "limit:output:0")
                .putAttr("T", type(DataType.DT_FLOAT))
                .build();
        NodeDef all = node("all", "All", "less:z:0", "zero:output:0")
                .putAttr("Tidx", type(DataType.DT_INT32))
                .putAttr("keep_dims", AttrValue.newBuilder().setB(false).build())
                .build();
        FunctionDef.Builder function = function(name, "all:output:0", constant, zero, less, all).toBuilder();
        function.getSignatureBuilder().getOutputArgBuilder(0).setType(DataType.DT_BOOL);
        return function.build();
    }

    static NodeDef call(String name, String function, String input) {
        return node(name, "StatefulPartitionedCall", input)
                .putAttr("Tin", types(DataType.DT_FLOAT))
                .putAttr("Tout", types(DataType.DT_FLOAT))
                .putAttr("f", func(function))
                .build();
    }

    static TensorInfo info(String tensor) {
        return TensorInfo.newBuilder()
                .setName(tensor)
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(-1)))
                .build();
    }

    static SignatureDef signature(String input, String output) {
        return SignatureDef.newBuilder()
                .setMethodName("tensorflow/serving/predict")
                .putInputs("x", info(input))
                .putOutputs("y", info(output))
                .build();
    }

    static MetaGraphDef.Builder metaGraph(GraphDef graph, OpDef... listed) {
        MetaGraphDef.Builder meta = MetaGraphDef.newBuilder().setGraphDef(graph);
        meta.getMetaInfoDefBuilder().addTags("serve").setStrippedOpList(OpList.newBuilder());
        for (OpDef op : listed) {
            meta.getMetaInfoDefBuilder().getStrippedOpListBuilder().addOp(op);
        }
        return meta;
    }

    /** A version folder with model.savedmodel. */
    static Path write(MetaGraphDef.Builder meta) throws IOException {
        Path folder = Lab.folder();
        Path model = Files.createDirectories(folder.resolve("model.savedmodel"));
        SavedModel content = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(1)
                .addMetaGraphs(meta)
                .build();
        Files.write(model.resolve("saved_model.pb"), content.toByteArray());
        return folder;
    }

    static Path writeSavedModel(GraphDef graph, OpDef... listed) throws IOException {
        return write(metaGraph(graph, listed).putSignatureDef("serving_default", signature("x:0", "y:0")));
    }
}
