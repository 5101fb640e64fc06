package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetRegisteredKernelsForOp;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetOpDef;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.OpDef;

/** What TensorFlow knows of single ops; a list of all ops takes tens of milliseconds once many libraries are loaded. */
final class RegisteredOps {
    private static final String OP_LINE = "o";

    private RegisteredOps() {}

    /** The ops of a library by the names of their author, from the lines that tell what it registered. */
    static Map<String, Scope.Op> read(String prefix, List<String> lines) {
        Map<String, Scope.Op> ops = new LinkedHashMap<>();
        TF_Graph graph = TF_NewGraph();
        try (Status status = new Status()) {
            for (String line : lines) {
                String op = line.startsWith(OP_LINE) ? line.substring(OP_LINE.length()) : "";
                // Names that begin with an underscore keep it in front.
                String name = (op.startsWith("_") ? "_" : "") + prefix + op;
                OpDef definition = op.isEmpty() ? null : definition(graph, name, status);
                if (definition != null) {
                    ops.put(op, new Scope.Op(definition, kernels(name, status)));
                }
            }
        } finally {
            TF_DeleteGraph(graph);
        }
        return ops;
    }

    /** Null if there is no such op. */
    private static OpDef definition(TF_Graph graph, String name, Status status) {
        TF_Buffer buffer = TF_NewBuffer();
        try {
            TF_GraphGetOpDef(graph, name, buffer, status.handle());
            return status.isOk() ? OpDef.parseFrom(TensorFlow.bytes(buffer)) : null;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("TensorFlow's definition of " + name + " cannot be read", e);
        } finally {
            TF_DeleteBuffer(buffer);
        }
    }

    private static List<KernelDef> kernels(String name, Status status) {
        TF_Buffer buffer = TF_GetRegisteredKernelsForOp(name, status.handle());
        if (!status.isOk()) {
            return List.of();
        }
        try {
            return KernelList.parseFrom(TensorFlow.bytes(buffer)).getKernelList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("TensorFlow's list of kernels of " + name + " cannot be read", e);
        } finally {
            TF_DeleteBuffer(buffer);
        }
    }
}
