package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphOperationByName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumOutputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOutputType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;

import io.opgraft.backend.ModelLoadException;
import java.util.List;
import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Session;

/** A session with the ends of its graph looked up, so that a run passes nothing but tensors. Owns all it is given. */
final class Session implements AutoCloseable {
    private final TF_Graph graph;
    private final TF_Session session;
    private final TF_Buffer runOptions;
    private final TF_Buffer warmUpOptions;
    private final int inputCount;
    private final int outputCount;
    private TF_Output inputs;
    private TF_Output outputs;

    Session(
            TF_Graph graph,
            TF_Session session,
            TF_Buffer runOptions,
            TF_Buffer warmUpOptions,
            int inputCount,
            int outputCount) {
        this.graph = graph;
        this.session = session;
        this.runOptions = runOptions;
        this.warmUpOptions = warmUpOptions;
        this.inputCount = inputCount;
        this.outputCount = outputCount;
    }

    void lookUp(List<Endpoint> in, List<Endpoint> out) throws ModelLoadException {
        inputs = ports(in);
        outputs = ports(out);
    }

    private TF_Output ports(List<Endpoint> endpoints) throws ModelLoadException {
        TF_Output ports = new TF_Output(Math.max(1, endpoints.size()));
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            String name = endpoint.spec().name();
            TF_Operation node = TF_GraphOperationByName(graph, endpoint.node());
            if (node == null || endpoint.index() < 0 || endpoint.index() >= TF_OperationNumOutputs(node)) {
                throw new ModelLoadException("\"" + name + "\" stands for the tensor " + endpoint.node() + ":"
                        + endpoint.index() + ", which the graph does not have");
            }
            ports.position(i).oper(node).index(endpoint.index());
            int type = TF_OperationOutputType(ports);
            // A reference to a variable: the number of its type and 100.
            if (Types.of(type % 100) != endpoint.spec().datatype()) {
                throw new ModelLoadException(
                        "\"" + name + "\" is declared as " + endpoint.spec().datatype()
                                + ", but the tensor " + endpoint.node() + ":" + endpoint.index() + " is of type "
                                + (Types.of(type % 100) == null ? "number " + type : Types.of(type % 100)));
            }
        }
        return ports.position(0);
    }

    /**
     * Runs once; the outcome is in the memory's status. A warm-up has a time limit, other runs have none.
     *
     * @param fed the places of the inputs that the memory holds tensors for, or null for all
     */
    void run(RunMemory memory, boolean warmUp, int[] fed) {
        if (fed == null) {
            run(memory, warmUp, inputs, inputCount);
            return;
        }
        try (TF_Output some = new TF_Output(Math.max(1, fed.length))) {
            for (int i = 0; i < fed.length; i++) {
                TF_Output port = new TF_Output(inputs).position(fed[i]);
                some.position(i).oper(port.oper()).index(port.index());
            }
            run(memory, warmUp, some.position(0), fed.length);
        }
    }

    private void run(RunMemory memory, boolean warmUp, TF_Output ports, int count) {
        TF_SessionRun(
                session,
                warmUp ? warmUpOptions : runOptions,
                ports,
                memory.inputs(),
                count,
                outputs,
                memory.outputs(),
                outputCount,
                (PointerPointer<?>) null,
                0,
                (TF_Buffer) null,
                memory.status().handle());
    }

    @Override
    public void close() {
        try (Status status = new Status()) {
            TF_CloseSession(session, status.handle());
            TF_DeleteSession(session, status.handle());
        }
        TF_DeleteGraph(graph);
        TF_DeleteBuffer(runOptions);
        TF_DeleteBuffer(warmUpOptions);
        if (inputs != null) {
            inputs.deallocate();
        }
        if (outputs != null) {
            outputs.deallocate();
        }
    }
}
