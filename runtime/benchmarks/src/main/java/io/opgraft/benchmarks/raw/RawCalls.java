package io.opgraft.benchmarks.raw;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphImportGraphDef;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphOperationByName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBufferFromString;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewImportGraphDefOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import io.opgraft.benchmarks.call.CallSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunOptions;

/**
 * The least that a call of TensorFlow from Java takes: a tensor is allocated, filled by one copy, run with prebuilt arrays
 * on the calling thread, copied out and freed. The product must have loaded TensorFlow. Sessions live as long as the process.
 */
public final class RawCalls implements CallSide {
    private static final int FLOAT = 1;

    private final Path repository;
    private final Map<String, Model> models = new ConcurrentHashMap<>();

    /**
     * Makes the side.
     *
     * @param repository where the models are
     */
    public RawCalls(Path repository) {
        this.repository = repository;
    }

    private record Model(TF_Session session, TF_Buffer options, TF_Output input, TF_Output output) {}

    @Override
    public Runnable prepare(String model, long[] shape, ByteBuffer input, ByteBuffer output) {
        Model opened = models.computeIfAbsent(model, this::open);
        PointerPointer<TF_Tensor> inputs = new PointerPointer<>(1);
        PointerPointer<TF_Tensor> outputs = new PointerPointer<>(1);
        TF_Status status = TF_NewStatus();
        Pointer source = new Pointer(input);
        Pointer target = new Pointer(output);
        long bytes = input.capacity();
        return () -> {
            TF_Tensor tensor = TF_AllocateTensor(FLOAT, shape, shape.length, bytes);
            Pointer.memcpy(TF_TensorData(tensor), source, bytes);
            inputs.put(0, tensor);
            TF_SessionRun(
                    opened.session(),
                    opened.options(),
                    opened.input(),
                    inputs,
                    1,
                    opened.output(),
                    outputs,
                    1,
                    (PointerPointer<?>) null,
                    0,
                    (TF_Buffer) null,
                    status);
            check(status);
            TF_Tensor answer = outputs.get(TF_Tensor.class, 0);
            long size = TF_TensorByteSize(answer);
            Pointer.memcpy(target, TF_TensorData(answer), size);
            output.clear().position((int) size);
            TF_DeleteTensor(answer);
            TF_DeleteTensor(tensor);
        };
    }

    private Model open(String model) {
        TF_Status status = TF_NewStatus();
        TF_Graph graph = TF_NewGraph();
        TF_GraphImportGraphDef(graph, buffer(graphDef(model)), TF_NewImportGraphDefOptions(), status);
        check(status);
        TF_SessionOptions sessionOptions = TF_NewSessionOptions();
        // As the product has it.
        byte[] config = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(1)
                .setInterOpParallelismThreads(1)
                .build()
                .toByteArray();
        try (BytePointer content = new BytePointer(config)) {
            TF_SetConfig(sessionOptions, content, config.length, status);
        }
        check(status);
        TF_Session session = TF_NewSession(graph, sessionOptions, status);
        check(status);
        TF_Buffer options =
                buffer(RunOptions.newBuilder().setInterOpThreadPool(-1).build().toByteArray());
        return new Model(session, options, port(graph, "INPUT0"), port(graph, "OUTPUT0"));
    }

    private byte[] graphDef(String model) {
        try {
            return Files.readAllBytes(repository.resolve(model).resolve("1").resolve("model.graphdef"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TF_Output port(TF_Graph graph, String name) {
        TF_Operation node = TF_GraphOperationByName(graph, name);
        if (node == null) {
            throw new IllegalArgumentException("the graph has no node " + name);
        }
        return new TF_Output(1).oper(node).index(0);
    }

    private static TF_Buffer buffer(byte[] content) {
        try (BytePointer pointer = new BytePointer(content)) {
            return TF_NewBufferFromString(pointer, content.length);
        }
    }

    private static void check(TF_Status status) {
        if (TF_GetCode(status) != 0) {
            throw new IllegalStateException(TF_Message(status).getString());
        }
    }
}
