package io.opgraft.tensorflow.internal;

import io.opgraft.backend.ModelLoadException;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * TensorFlow's own ops that read or write files of the server or run Python. A model that has one could give its clients
 * what is none of theirs. Variables and tables, which every SavedModel restores from its own folder, are not among them.
 */
final class FileOps {
    static final String ALLOW = "allowFileOps";

    private static final Set<String> REFUSED = Set.of(
            "ReadFile",
            "WriteFile",
            "MatchingFiles",
            "WholeFileReader",
            "WholeFileReaderV2",
            "TextLineReader",
            "TextLineReaderV2",
            "FixedLengthRecordReader",
            "FixedLengthRecordReaderV2",
            "TFRecordReader",
            "TFRecordReaderV2",
            "LMDBReader",
            "TextLineDataset",
            "TFRecordDataset",
            "TFRecordDatasetV2",
            "FixedLengthRecordDataset",
            "FixedLengthRecordDatasetV2",
            "CSVDataset",
            "CSVDatasetV2",
            "LMDBDataset",
            "ExperimentalLMDBDataset",
            "SqlDataset",
            "ExperimentalSqlDataset",
            "MatchingFilesDataset",
            "ExperimentalMatchingFilesDataset",
            "SaveDataset",
            "SaveDatasetV2",
            "LoadDataset",
            "DatasetToTFRecord",
            "ExperimentalDatasetToTFRecord",
            "CreateSummaryFileWriter",
            "CreateSummaryDbWriter",
            "DebugIdentity",
            "DebugIdentityV2",
            "DebugIdentityV3",
            "PyFunc",
            "PyFuncStateless",
            "EagerPyFunc");

    /** Prints to a stream, or to a file that an attribute names. */
    private static final String PRINT = "PrintV2";

    private FileOps() {}

    /** Refuses a graph that has one of them, in its functions too; names of attributes that are ops count. */
    static void check(GraphDef graph) throws ModelLoadException {
        check(graph.getNodeList());
        for (FunctionDef function : graph.getLibrary().getFunctionList()) {
            check(function.getNodeDefList());
        }
    }

    private static void check(List<NodeDef> nodes) throws ModelLoadException {
        for (NodeDef node : nodes) {
            refuse(node, node.getOp());
            for (AttrValue value : node.getAttrMap().values()) {
                if (value.hasFunc()) {
                    refuse(node, value.getFunc().getName());
                }
                for (var function : value.getList().getFuncList()) {
                    refuse(node, function.getName());
                }
            }
            String stream = node.getAttrOrDefault("output_stream", AttrValue.getDefaultInstance())
                    .getS()
                    .toStringUtf8();
            if (node.getOp().equals(PRINT) && stream.startsWith("file:")) {
                throw refusal(node, PRINT + " to " + stream);
            }
        }
    }

    private static void refuse(NodeDef node, String op) throws ModelLoadException {
        if (REFUSED.contains(op)) {
            throw refusal(node, op);
        }
    }

    private static ModelLoadException refusal(NodeDef node, String op) {
        return new ModelLoadException("the node \"" + node.getName() + "\" uses TensorFlow's op " + op
                + ", which reaches files of the server or runs code outside of the graph; export the model without it,"
                + " or set " + ALLOW + " of io.opgraft.tensorflow if you trust it");
    }
}
