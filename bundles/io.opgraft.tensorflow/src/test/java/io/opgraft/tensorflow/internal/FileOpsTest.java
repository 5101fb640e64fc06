package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.opgraft.backend.ModelLoadException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

class FileOpsTest {
    private static NodeDef.Builder node(String op) {
        return NodeDef.newBuilder().setName("n").setOp(op);
    }

    private static GraphDef graph(NodeDef.Builder node) {
        return GraphDef.newBuilder()
                .addNode(NodeDef.newBuilder().setName("x").setOp("Placeholder"))
                .addNode(node)
                .build();
    }

    private static GraphDef inFunction(NodeDef.Builder node) {
        return GraphDef.newBuilder()
                .setLibrary(FunctionDefLibrary.newBuilder()
                        .addFunction(FunctionDef.newBuilder().addNodeDef(node)))
                .build();
    }

    private static void refused(GraphDef graph, String op) {
        String message = assertThrows(ModelLoadException.class, () -> FileOps.check(graph))
                .getMessage();
        assertTrue(message.contains("\"n\"") && message.contains(op), message);
        assertTrue(message.contains("allowFileOps"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ReadFile", "WriteFile", "MatchingFiles", "PyFunc", "EagerPyFunc", "TFRecordDatasetV2"})
    void opsThatReachOutAreRefusedWhereverTheyAre(String op) {
        refused(graph(node(op)), op);
        refused(inFunction(node(op)), op);
        AttrValue named = AttrValue.newBuilder()
                .setFunc(NameAttrList.newBuilder().setName(op))
                .build();
        refused(graph(node("MapDataset").putAttr("f", named)), op);
        AttrValue listed = AttrValue.newBuilder()
                .setList(AttrValue.ListValue.newBuilder()
                        .addFunc(NameAttrList.newBuilder().setName("other"))
                        .addFunc(NameAttrList.newBuilder().setName(op)))
                .build();
        refused(inFunction(node("Case").putAttr("branches", listed)), op);
    }

    @Test
    void printingToAFileIsRefusedAndToAStreamIsNot() {
        AttrValue file = AttrValue.newBuilder()
                .setS(ByteString.copyFromUtf8("file:///tmp/x"))
                .build();
        refused(graph(node("PrintV2").putAttr("output_stream", file)), "PrintV2 to file:///tmp/x");
        AttrValue stream =
                AttrValue.newBuilder().setS(ByteString.copyFromUtf8("stderr")).build();
        assertDoesNotThrow(() -> FileOps.check(graph(node("PrintV2").putAttr("output_stream", stream))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RestoreV2", "SaveV2", "InitializeTableFromTextFileV2", "MatMul", "readfile", "MyReadFile"})
    void othersServe(String op) {
        assertDoesNotThrow(() -> FileOps.check(graph(node(op))));
        assertDoesNotThrow(() -> FileOps.check(inFunction(node(op))));
    }
}
