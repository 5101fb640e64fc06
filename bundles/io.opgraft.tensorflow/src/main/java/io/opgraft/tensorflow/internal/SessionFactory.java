package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteImportGraphDefOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphImportGraphDef;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_LoadSessionFromSavedModel;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBufferFromString;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewImportGraphDefOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetRequireShapeInferenceFns;

import io.opgraft.backend.ModelLoadException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_ImportGraphDefOptions;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;

/** Makes sessions from files whose ops are bound already. */
final class SessionFactory {
    private final Settings settings;

    SessionFactory(Settings settings) {
        this.settings = settings;
    }

    Session fromSavedModel(Path folder, Collection<String> tags, Graph graph, UnaryOperator<String> authorNames)
            throws ModelLoadException {
        return make(graph, authorNames, "the SavedModel cannot be loaded", (tfGraph, options, status) -> {
            try (BytePointer path = utf8(folder.toString());
                    PointerPointer<BytePointer> tagSet = new PointerPointer<>(tags.toArray(new String[0]))) {
                return TF_LoadSessionFromSavedModel(
                        options,
                        (TF_Buffer) null,
                        path,
                        tagSet,
                        tags.size(),
                        tfGraph,
                        (TF_Buffer) null,
                        status.handle());
            }
        });
    }

    Session fromGraphDef(byte[] graphDef, Graph graph, UnaryOperator<String> authorNames) throws ModelLoadException {
        return make(graph, authorNames, "the GraphDef cannot be loaded", (tfGraph, options, status) -> {
            TF_Buffer content = buffer(graphDef);
            TF_ImportGraphDefOptions importOptions = TF_NewImportGraphDefOptions();
            try {
                TF_GraphImportGraphDef(tfGraph, content, importOptions, status.handle());
            } finally {
                TF_DeleteImportGraphDefOptions(importOptions);
                TF_DeleteBuffer(content);
            }
            return status.isOk() ? TF_NewSession(tfGraph, options, status.handle()) : null;
        });
    }

    /** One way to fill a graph and open a session on it; the outcome is in the status. */
    @FunctionalInterface
    private interface Opener {
        TF_Session open(TF_Graph graph, TF_SessionOptions options, Status status);
    }

    private Session make(Graph graph, UnaryOperator<String> authorNames, String failure, Opener opener)
            throws ModelLoadException {
        TF_Graph tfGraph = TF_NewGraph();
        TF_Session session = null;
        TF_SessionOptions options = TF_NewSessionOptions();
        try (Status status = new Status()) {
            // Many op libraries come without shape functions, and TensorFlow's Python does not ask for them either.
            TF_SetRequireShapeInferenceFns(tfGraph, false);
            byte[] config = settings.sessionConfig();
            try (BytePointer content = new BytePointer(config)) {
                TF_SetConfig(options, content, config.length, status.handle());
            }
            status.check("the session options are refused", authorNames);
            session = opener.open(tfGraph, options, status);
            status.check(failure, authorNames);
        } finally {
            TF_DeleteSessionOptions(options);
            if (session == null) {
                TF_DeleteGraph(tfGraph);
            }
        }
        Session made = new Session(
                tfGraph,
                session,
                buffer(settings.runOptions()),
                buffer(settings.warmUpOptions()),
                graph.inputs().size(),
                graph.outputs().size());
        boolean complete = false;
        try {
            made.lookUp(graph.inputs(), graph.outputs());
            complete = true;
            return made;
        } finally {
            if (!complete) {
                made.close();
            }
        }
    }

    private static TF_Buffer buffer(byte[] content) {
        try (BytePointer pointer = new BytePointer(content)) {
            return TF_NewBufferFromString(pointer, content.length);
        }
    }

    private static BytePointer utf8(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        byte[] terminated = java.util.Arrays.copyOf(content, content.length + 1);
        return new BytePointer(terminated);
    }
}
